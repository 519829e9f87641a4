package dev.sclera.functions.finetune.dispatch;

import dev.sclera.defense.FinetuneJob;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Kubernetes Job that a fine-tuning job becomes. */
final class KubernetesJob {

    /** Of all Jobs of one fine-tuning job. */
    static final String LABEL = "sclera.dev/finetune";

    private static final String ATTEMPT = "sclera.dev/attempt";

    /** Labels and names have at most 63 characters. */
    private static final int DIGITS = 40;

    /** As many seconds as the job program takes to save itself, and some more. */
    private static final long GRACE_SECONDS = 60;

    /** The exit codes of the job program after which trying again does not help. */
    private static final List<Integer> HOPELESS = List.of(2, 3, 4, 5, 6);

    private KubernetesJob() {}

    static String label(FinetuneJob job) {
        return job.id().substring(0, DIGITS);
    }

    /** Which one of a fine-tuning job's Jobs it is; 1 for the first. */
    static int attempt(Job job) {
        return Integer.parseInt(job.getMetadata().getLabels().getOrDefault(ATTEMPT, "1"));
    }

    static Job of(
            FinetuneJob job,
            int attempt,
            String image,
            FinetuneConfig.Kubernetes config,
            Map<String, String> environment) {
        Map<String, Quantity> resources = new TreeMap<>();
        resources.put("cpu", new Quantity(config.cpu()));
        resources.put("memory", new Quantity(config.memory()));
        if (config.gpus() > 0) {
            resources.put("nvidia.com/gpu", new Quantity(Integer.toString(config.gpus())));
        }
        List<EnvVar> variables = environment.entrySet().stream()
                .map(variable -> new EnvVar(variable.getKey(), variable.getValue(), null))
                .toList();
        List<EnvFromSource> secrets = config.secret().stream()
                .map(secret -> new EnvFromSourceBuilder()
                        .withNewSecretRef(secret, false)
                        .build())
                .toList();
        return new JobBuilder()
                .withNewMetadata()
                .withName("sclera-" + label(job) + "-" + attempt)
                .addToLabels("app.kubernetes.io/name", "sclera-finetune")
                .addToLabels(LABEL, label(job))
                .addToLabels(ATTEMPT, Integer.toString(attempt))
                .addToAnnotations("sclera.dev/job", job.id())
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(config.retries())
                .withTtlSecondsAfterFinished(config.keepSeconds())
                .withNewPodFailurePolicy()
                // a node that is wanted back is no failure of the job's
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endOnPodCondition()
                .endRule()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withOperator("In")
                .withValues(HOPELESS)
                .endOnExitCodes()
                .endRule()
                .endPodFailurePolicy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels(LABEL, label(job))
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withServiceAccountName(config.serviceAccount().orElse(null))
                .addNewContainer()
                .withName("job")
                .withImage(image)
                .withEnv(variables)
                .withEnvFrom(secrets)
                .withNewResources()
                .withLimits(resources)
                .withRequests(resources)
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
