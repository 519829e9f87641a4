package dev.sclera.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.knative.eventing.v1.Broker;
import io.fabric8.knative.eventing.v1.Trigger;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.sources.v1.PingSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands below {@code infra/kubernetes}. */
class KubernetesTest {

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
            Map.entry("v1 Namespace", Namespace.class),
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Secret", Secret.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class),
            Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
            Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("batch/v1 Job", Job.class),
            Map.entry("serving.knative.dev/v1 Service", Service.class),
            Map.entry("sources.knative.dev/v1 PingSource", PingSource.class),
            Map.entry("eventing.knative.dev/v1 Broker", Broker.class),
            Map.entry("eventing.knative.dev/v1 Trigger", Trigger.class));

    private final List<HasMetadata> resources = resources();

    @Test
    void everyDocumentIsWhatKubernetesModelKnows() {
        assertThat(resources).hasSizeGreaterThan(20).allSatisfy(resource -> {
            assertThat(resource.getMetadata().getName()).matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
            String namespace = resource.getMetadata().getNamespace();
            assertThat(namespace).isEqualTo(resource instanceof Namespace ? null : "sclera");
        });
        assertThat(resources)
                .extracting(resource ->
                        resource.getKind() + " " + resource.getMetadata().getName())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\nspec:\n  backofLimit: 6",
                "apiVersion: batch/v2\nkind: Job\nmetadata:\n  name: a",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  nam: a",
                "apiVersion: v1\nkind: ConfigMap\nkind: Secret",
                "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      concurrency: 1",
                "apiVersion: eventing.knative.dev/v1\nkind: Trigger\nspec:\n  filter:\n    attribute: {}",
            })
    void whatKubernetesModelDoesNotKnowIsFound(String planted) {
        assertThatThrownBy(() -> resource(Manifests.of(planted).get(0)))
                .isInstanceOfAny(JsonMappingException.class, IllegalArgumentException.class);
    }

    @Test
    void thereIsATriggerForEveryEventThatCallsAFunctionAndForNoAnswer() throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(
                Project.root().resolve("functions/local/src/main/resources/application.properties"))) {
            properties.load(in);
        }
        Set<String> calls = values(properties, ".trigger");
        assertThat(all(Trigger.class)).allSatisfy(trigger -> {
            assertThat(trigger.getSpec().getBroker()).isEqualTo("sclera");
            assertThat(trigger.getSpec().getSubscriber().getRef().getName()).isEqualTo("sclera");
        });
        assertThat(all(Trigger.class))
                .extracting(
                        trigger -> trigger.getSpec().getFilter().getAttributes().get("type"))
                .containsExactlyInAnyOrderElementsOf(calls)
                .doesNotContainAnyElementsOf(values(properties, ".response-type"));
        assertThat(all(Broker.class)).hasSize(1);
    }

    @Test
    void theDispatcherMayDoWhatItDoesAndNothingElse() {
        PolicyRule rule = all(Role.class).get(0).getRules().get(0);
        assertThat(all(Role.class))
                .hasSize(1)
                .allSatisfy(role -> assertThat(role.getRules()).hasSize(1));
        assertThat(rule.getApiGroups()).containsExactly("batch");
        assertThat(rule.getResources()).containsExactly("jobs");
        assertThat(rule.getVerbs()).containsExactly("list", "create");
        assertThat(all(RoleBinding.class).get(0).getSubjects())
                .extracting(subject -> subject.getName())
                .containsExactly(service().getSpec().getTemplate().getSpec().getServiceAccountName());
        assertThat(all(ServiceAccount.class))
                .filteredOn(account -> account.getMetadata().getName().equals("sclera-job"))
                .singleElement()
                .satisfies(account ->
                        assertThat(account.getAutomountServiceAccountToken()).isFalse());
    }

    @Test
    void theServiceRunsAsNoRootAndFindsItsConfiguration() {
        Container container =
                service().getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(container.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getEnvFrom().get(0).getConfigMapRef().getName())
                .isEqualTo(all(ConfigMap.class).get(0).getMetadata().getName());
        assertThat(container.getEnvFrom().get(1).getSecretRef().getName())
                .isEqualTo(all(Secret.class).get(0).getMetadata().getName());
    }

    @Test
    void theConfigurationNamesWhatIsThere() {
        Map<String, String> said = all(ConfigMap.class).get(0).getData();
        assertThat(said)
                .containsEntry(
                        "SCLERA_FINETUNE_KUBERNETES_NAMESPACE",
                        all(Namespace.class).get(0).getMetadata().getName())
                .containsEntry(
                        "SCLERA_FINETUNE_KUBERNETES_SECRET",
                        all(Secret.class).get(0).getMetadata().getName());
        assertThat(all(ServiceAccount.class))
                .extracting(account -> account.getMetadata().getName())
                .contains(said.get("SCLERA_FINETUNE_KUBERNETES_SERVICE_ACCOUNT"));
    }

    @Test
    void aStepThatTheBrokerGivesUpIsKeptInTheStore() {
        assertThat(all(Trigger.class))
                .filteredOn(trigger -> trigger.getSpec().getDelivery().getDeadLetterSink() != null)
                .singleElement()
                .satisfies(trigger -> {
                    assertThat(trigger.getSpec().getFilter().getAttributes())
                            .containsEntry("type", "dev.sclera.campaign-step");
                    assertThat(trigger.getSpec()
                                    .getDelivery()
                                    .getDeadLetterSink()
                                    .getUri())
                            .isEqualTo("/campaign-given-up");
                });
    }

    /** A job whose end nobody hears of would keep its campaign waiting. */
    @Test
    void endsOfJobsReachTheBrokerAndAClockLooksAfterThoseThatDoNot() {
        Map<String, String> said = all(ConfigMap.class).get(0).getData();
        assertThat(said)
                .containsEntry("SCLERA_CAMPAIGN_REPAIRS", "jobs")
                .containsEntry("SCLERA_FINETUNE_KUBERNETES_TELL", said.get("SCLERA_EVENTS_HTTP_SINK"));
        assertThat(all(NetworkPolicy.class))
                .filteredOn(policy ->
                        !policy.getSpec().getPodSelector().getMatchExpressions().isEmpty())
                .singleElement()
                .satisfies(policy -> assertThat(policy.getSpec()
                                .getPodSelector()
                                .getMatchExpressions()
                                .get(0)
                                .getKey())
                        .isEqualTo("sclera.dev/finetune"));
        assertThat(all(PingSource.class))
                .singleElement()
                .satisfies(clock -> assertThat(
                                clock.getSpec().getSink().getRef().getName())
                        .isEqualTo(all(Broker.class).get(0).getMetadata().getName()));
    }

    @Test
    void nothingGetsInOrOutButWhatIsNamed() {
        assertThat(all(NetworkPolicy.class)).anySatisfy(policy -> {
            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(policy.getSpec().getIngress()).isEmpty();
            assertThat(policy.getSpec().getEgress()).isEmpty();
        });
    }

    private Service service() {
        return all(Service.class).get(0);
    }

    private <T> List<T> all(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static Set<String> values(Properties properties, String ending) {
        Set<String> values = new TreeSet<>();
        properties.stringPropertyNames().stream()
                .filter(name -> name.contains("knative-events.mapping") && name.endsWith(ending))
                .forEach(name -> values.add(properties.getProperty(name)));
        return values;
    }

    private static List<HasMetadata> resources() {
        List<HasMetadata> read = new ArrayList<>();
        for (JsonNode document : Manifests.all()) {
            if (!document.path("kind").asText().equals("Kustomization")) {
                try {
                    read.add(resource(document));
                } catch (IOException e) {
                    throw new IllegalArgumentException(document.toString(), e);
                }
            }
        }
        return read;
    }

    private static HasMetadata resource(JsonNode document) throws IOException {
        String kind = document.path("apiVersion").asText() + " "
                + document.path("kind").asText();
        Class<? extends HasMetadata> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no kind of resource that is known: " + kind);
        }
        return Manifests.as(document, type);
    }
}
