package dev.sclera.functions.finetune.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.defense.FinetuneJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Job that one can start by hand is the one that the dispatcher creates. */
class JobTemplateTest {

    private static final Path TEMPLATE = Path.of("../../infra/kubernetes/finetune-job.yaml");

    private static final String ID = "0123456789012345678901234567890123456789012345678901234567890123";

    @Test
    void theTemplateIsWhatTheDispatcherCreates() throws IOException {
        Settings settings = new Settings(Map.of(
                "sclera.store.bucket", "sclera",
                "sclera.store.endpoint", "http://minio.minio.svc.cluster.local:9000",
                "sclera.finetune.kubernetes.tell",
                        "http://broker-ingress.knative-eventing.svc.cluster.local/sclera/sclera",
                "sclera.finetune.kubernetes.service-account", "sclera-job",
                "sclera.finetune.kubernetes.secret", "sclera-s3"));
        FinetuneJob job = Settings.job("m");
        Job created = KubernetesJob.of(
                job,
                1,
                "registry.example/sclera-job:0.1.0-cuda",
                settings.finetune().kubernetes(),
                JobEnvironment.of(
                        job,
                        settings.store(),
                        settings.finetune().kubernetes().tell().orElseThrow()));
        String template = Files.readString(TEMPLATE)
                .replace(ID, job.id())
                .replace(ID.substring(0, 40), job.id().substring(0, 40));
        Job read = Serialization.unmarshal(template, Job.class);
        assertThat(read)
                .isEqualTo(new JobBuilder(created)
                        .editMetadata()
                        .withNamespace("sclera")
                        .endMetadata()
                        .build());
    }
}
