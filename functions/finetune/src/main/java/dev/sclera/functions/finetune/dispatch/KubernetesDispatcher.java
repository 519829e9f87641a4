package dev.sclera.functions.finetune.dispatch;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.defense.Whereabouts;
import dev.sclera.problem.StorageException;
import dev.sclera.store.StoreConfig;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates Kubernetes Jobs. Their names follow from the job's id and how many of its Jobs have ended, so of several
 * dispatchers one creates it and the others find it: the API server refuses a second one of a name.
 */
@Singleton
public class KubernetesDispatcher implements JobDispatcher {

    private static final int CONFLICT = 409;

    private final FinetuneConfig.Kubernetes config;
    private final StoreConfig store;
    private final Supplier<KubernetesClient> clients;

    @Inject
    public KubernetesDispatcher(FinetuneConfig config, StoreConfig store) {
        this(config.kubernetes(), store, () -> client(config.kubernetes()));
    }

    KubernetesDispatcher(FinetuneConfig.Kubernetes config, StoreConfig store, Supplier<KubernetesClient> clients) {
        this.config = requireNonNull(config, "config is null");
        this.store = requireNonNull(store, "store is null");
        this.clients = requireNonNull(clients, "clients is null");
    }

    private static KubernetesClient client(FinetuneConfig.Kubernetes config) {
        Config found = new ConfigBuilder()
                .withConnectionTimeout(5_000)
                .withRequestRetryBackoffLimit(2)
                .build();
        // without one, Jobs would be looked for in all of them
        found.setNamespace(config.namespace()
                .or(() -> Optional.ofNullable(found.getNamespace()))
                .orElse("default"));
        return new KubernetesClientBuilder().withConfig(found).build();
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public Dispatched dispatch(FinetuneJob job) {
        String image = JobEnvironment.required(
                config.image(), "sclera.finetune.kubernetes.image", "the container image of the job program");
        Map<String, String> environment =
                JobEnvironment.of(job, store, config.tell().orElse(null));
        try (KubernetesClient client = clients.get()) {
            List<Job> earlier = all(client, job);
            Optional<Job> live = earlier.stream().filter(found -> !ended(found)).findFirst();
            if (live.isPresent()) {
                return adopted(client, live.get().getMetadata().getName());
            }
            return create(client, KubernetesJob.of(job, attempt(earlier), image, config, environment));
        } catch (KubernetesClientException e) {
            throw new StorageException(
                    "The Kubernetes cluster did not take the job %s: %s. Check KUBECONFIG or the service account, the namespace and its permissions to list and create Jobs; then try again."
                            .formatted(job.id(), why(e)),
                    e);
        }
    }

    private static List<Job> all(KubernetesClient client, FinetuneJob job) {
        return client.batch()
                .v1()
                .jobs()
                .withLabel(KubernetesJob.LABEL, KubernetesJob.label(job))
                .list()
                .getItems();
    }

    @Override
    public Whereabouts whereabouts(FinetuneJob job) {
        try (KubernetesClient client = clients.get()) {
            return all(client, job).stream().allMatch(KubernetesDispatcher::ended)
                    ? Whereabouts.GONE
                    : Whereabouts.THERE;
        } catch (KubernetesClientException e) {
            throw new StorageException(
                    "The Kubernetes cluster did not tell of the job %s: %s. Check KUBECONFIG or the service account, the namespace and its permission to list Jobs; then try again."
                            .formatted(job.id(), why(e)),
                    e);
        }
    }

    /** Where nobody answered, the client's own message tells of its operation alone. */
    private static String why(KubernetesClientException e) {
        return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause());
    }

    private Dispatched create(KubernetesClient client, Job wanted) {
        String name = wanted.getMetadata().getName();
        try {
            client.batch().v1().jobs().resource(wanted).create();
            return Dispatched.started(name(), name, where(client));
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            // another dispatcher was faster
            return adopted(client, name);
        }
    }

    private Dispatched adopted(KubernetesClient client, String name) {
        return Dispatched.adopted(name(), name, where(client));
    }

    private static String where(KubernetesClient client) {
        return "Kubernetes, %s, namespace %s".formatted(client.getMasterUrl(), client.getNamespace());
    }

    /** One more than the last one that is kept. */
    private static int attempt(List<Job> earlier) {
        return 1 + earlier.stream().mapToInt(KubernetesJob::attempt).max().orElse(0);
    }

    private static boolean ended(Job job) {
        return Optional.ofNullable(job.getStatus()).map(JobStatus::getConditions).stream()
                .flatMap(List::stream)
                .anyMatch(condition -> List.of("Complete", "Failed", "FailureTarget", "SuccessCriteriaMet")
                                .contains(condition.getType())
                        && "True".equals(condition.getStatus()));
    }
}
