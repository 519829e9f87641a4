package dev.sclera.functions.finetune.dispatch;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.defense.Whereabouts;
import dev.sclera.problem.StorageException;
import dev.sclera.store.StoreConfig;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.batch.BatchClient;
import software.amazon.awssdk.services.batch.BatchClientBuilder;
import software.amazon.awssdk.services.batch.model.JobStatus;
import software.amazon.awssdk.services.batch.model.JobSummary;
import software.amazon.awssdk.services.batch.model.KeyValuePair;
import software.amazon.awssdk.services.batch.model.KeyValuesPair;

/**
 * Submits jobs to a queue of AWS Batch. A job that is waiting or running there under the same name is found. Batch
 * knows no submission that is made once: of two dispatchers at the same moment both may submit, which does no harm.
 */
@Singleton
public class BatchDispatcher implements JobDispatcher {

    /** What the name of a job begins with; its id follows. */
    public static final String NAME = "sclera-finetune-";

    private static final Set<JobStatus> LIVE =
            Set.of(JobStatus.SUBMITTED, JobStatus.PENDING, JobStatus.RUNNABLE, JobStatus.STARTING, JobStatus.RUNNING);

    private final FinetuneConfig.Batch config;
    private final StoreConfig store;

    public BatchDispatcher(FinetuneConfig config, StoreConfig store) {
        this.config = config.batch();
        this.store = requireNonNull(store, "store is null");
    }

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public Dispatched dispatch(FinetuneJob job) {
        String queue = JobEnvironment.required(
                config.queue(), "sclera.finetune.batch.queue", "the name or ARN of an AWS Batch job queue");
        String definition = JobEnvironment.required(
                config.definition(),
                "sclera.finetune.batch.definition",
                "the name or ARN of an AWS Batch job definition that runs the job program");
        List<KeyValuePair> environment = JobEnvironment.of(job, store, null).entrySet().stream()
                .map(variable -> KeyValuePair.builder()
                        .name(variable.getKey())
                        .value(variable.getValue())
                        .build())
                .toList();
        String name = NAME + job.id();
        try (BatchClient client = client()) {
            Optional<JobSummary> live = live(client, queue, name);
            if (live.isPresent()) {
                return Dispatched.adopted(name(), live.get().jobId(), where(queue));
            }
            String id = client.submitJob(request -> request.jobName(name)
                            .jobQueue(queue)
                            .jobDefinition(definition)
                            .containerOverrides(overrides -> overrides.environment(environment)))
                    .jobId();
            return Dispatched.started(name(), id, where(queue));
        } catch (SdkException e) {
            throw new StorageException(
                    "AWS Batch did not take the job %s on queue \"%s\": %s. Check the queue, the job definition, the region and the credentials; then try again."
                            .formatted(job.id(), queue, e.getMessage()),
                    e);
        }
    }

    @Override
    public Whereabouts whereabouts(FinetuneJob job) {
        String queue = JobEnvironment.required(
                config.queue(), "sclera.finetune.batch.queue", "the name or ARN of an AWS Batch job queue");
        try (BatchClient client = client()) {
            return live(client, queue, NAME + job.id()).isPresent() ? Whereabouts.THERE : Whereabouts.GONE;
        } catch (SdkException e) {
            throw new StorageException(
                    "AWS Batch did not tell of the job %s on queue \"%s\": %s. Check the queue, the region and the credentials; then try again."
                            .formatted(job.id(), queue, e.getMessage()),
                    e);
        }
    }

    private static Optional<JobSummary> live(BatchClient client, String queue, String name) {
        return client
                .listJobsPaginator(request -> request.jobQueue(queue)
                        .filters(KeyValuesPair.builder()
                                .name("JOB_NAME")
                                .values(name)
                                .build()))
                .jobSummaryList()
                .stream()
                // the filter is no promise of every server that speaks this protocol
                .filter(found -> name.equals(found.jobName()) && LIVE.contains(found.status()))
                .findFirst();
    }

    private String where(String queue) {
        return "AWS Batch, %s, queue %s".formatted(region(), queue);
    }

    private String region() {
        return config.region().orElse(store.region());
    }

    private BatchClient client() {
        BatchClientBuilder builder =
                BatchClient.builder().region(Region.of(region())).httpClientBuilder(UrlConnectionHttpClient.builder());
        config.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
