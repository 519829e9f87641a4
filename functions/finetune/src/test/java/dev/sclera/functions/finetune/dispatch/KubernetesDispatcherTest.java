package dev.sclera.functions.finetune.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.Whereabouts;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs in the API server that the client's makers give for tests. */
@EnableKubernetesMockClient(crud = true)
class KubernetesDispatcherTest {

    KubernetesMockServer server;
    KubernetesClient client;

    private final FinetuneJob job = Settings.job("m");
    private final Map<String, String> settings = new TreeMap<>(Map.of(
            "sclera.store.bucket", "clinic",
            "sclera.store.endpoint", "http://minio:9000",
            "sclera.finetune.kubernetes.image", "registry.example/sclera-job:1",
            "sclera.finetune.kubernetes.tell", "http://broker/sclera",
            "sclera.finetune.kubernetes.service-account", "finetuner",
            "sclera.finetune.kubernetes.secret", "s3-keys"));

    @BeforeEach
    void start() {
        client.getConfiguration().setNamespace("test");
    }

    @Test
    void aJobIsCreatedThatAsksForAGpuAndKnowsItsId() {
        Dispatched dispatched = dispatcher().dispatch(job);
        assertThat(dispatched.adopted()).isFalse();
        assertThat(dispatched.where()).contains("namespace test");
        Job created = jobs().get(0);
        assertThat(created.getMetadata().getName())
                .isEqualTo(dispatched.target())
                .hasSizeLessThan(63);
        assertThat(created.getMetadata().getAnnotations()).containsEntry("sclera.dev/job", job.id());
        assertThat(created.getSpec().getTemplate().getSpec().getServiceAccountName())
                .isEqualTo("finetuner");
        assertThat(created.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        Container container =
                created.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(container.getImage()).isEqualTo("registry.example/sclera-job:1");
        assertThat(container.getResources().getLimits().get("nvidia.com/gpu").getAmount())
                .isEqualTo("1");
        assertThat(container.getEnv())
                .extracting(EnvVar::getName, EnvVar::getValue)
                .contains(
                        tuple("SCLERA_JOB_ID", job.id()),
                        tuple("SCLERA_JOB_TELL", "http://broker/sclera"),
                        tuple("SCLERA_STORE_ENDPOINT", "http://minio:9000"));
        assertThat(container.getEnvFrom().get(0).getSecretRef().getName()).isEqualTo("s3-keys");
    }

    @Test
    void theSameJobAgainIsFound() {
        Dispatched first = dispatcher().dispatch(job);
        Dispatched again = dispatcher().dispatch(job);
        assertThat(again.adopted()).isTrue();
        assertThat(again.target()).isEqualTo(first.target());
        assertThat(jobs()).hasSize(1);
        assertThat(dispatcher().dispatch(Settings.job("other")).target()).isNotEqualTo(first.target());
    }

    @Test
    void aJobThatAnotherDispatcherCreatedMeanwhileIsAdopted() {
        Dispatched first = dispatcher().dispatch(job);
        // as in the moment between looking and creating: no look finds it
        client.batch()
                .v1()
                .jobs()
                .withName(first.target())
                .edit(found -> new JobBuilder(found)
                        .editMetadata()
                        .removeFromLabels(KubernetesJob.LABEL)
                        .endMetadata()
                        .build());
        Dispatched again = dispatcher().dispatch(job);
        assertThat(again.adopted()).isTrue();
        assertThat(again.target()).isEqualTo(first.target());
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void aJobIsThereUntilItHasEnded() {
        KubernetesDispatcher dispatcher = dispatcher();
        assertThat(dispatcher.whereabouts(job)).isEqualTo(Whereabouts.GONE);
        Dispatched dispatched = dispatcher.dispatch(job);
        assertThat(dispatcher.whereabouts(job)).isEqualTo(Whereabouts.THERE);
        assertThat(dispatcher.whereabouts(Settings.job("other"))).isEqualTo(Whereabouts.GONE);
        client.batch()
                .v1()
                .jobs()
                .withName(dispatched.target())
                .edit(found -> new JobBuilder(found)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Failed")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
        assertThat(dispatcher.whereabouts(job)).isEqualTo(Whereabouts.GONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Failed", "Complete"})
    void aJobThatEndedIsCreatedAgain(String condition) {
        Dispatched first = dispatcher().dispatch(job);
        client.batch()
                .v1()
                .jobs()
                .withName(first.target())
                .edit(found -> new JobBuilder(found)
                        .withNewStatus()
                        .addNewCondition()
                        .withType(condition)
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
        Dispatched again = dispatcher().dispatch(job);
        assertThat(again.adopted()).isFalse();
        assertThat(again.target()).isNotEqualTo(first.target());
        assertThat(jobs()).hasSize(2);
        assertThat(dispatcher().dispatch(job).target()).isEqualTo(again.target());
    }

    @Test
    void withoutGpusNoneIsAskedFor() {
        settings.put("sclera.finetune.kubernetes.gpus", "0");
        dispatcher().dispatch(job);
        assertThat(jobs().get(0)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getResources()
                        .getLimits())
                .containsOnlyKeys("cpu", "memory");
    }

    @Test
    void anImageThatIsNotConfiguredIsAskedFor() {
        settings.remove("sclera.finetune.kubernetes.image");
        assertThatThrownBy(() -> dispatcher().dispatch(job))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll("\"sclera.finetune.kubernetes.image\"", "SCLERA_FINETUNE_KUBERNETES_IMAGE");
    }

    @Test
    void aClusterThatDoesNotAnswerIsTold() {
        KubernetesDispatcher dispatcher = dispatcher();
        server.shutdown();
        assertThatThrownBy(() -> dispatcher.dispatch(job))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("Kubernetes", "KUBECONFIG");
    }

    private List<Job> jobs() {
        return client.batch().v1().jobs().list().getItems();
    }

    private KubernetesDispatcher dispatcher() {
        Settings said = new Settings(settings);
        Config config = new ConfigBuilder(client.getConfiguration())
                .withNamespace("test")
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesDispatcher(
                said.finetune().kubernetes(),
                said.store(),
                () -> new KubernetesClientBuilder().withConfig(config).build());
    }
}
