package dev.sclera.local.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.campaign.EventLaboratory;
import dev.sclera.campaign.Laboratory;
import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.events.CampaignEvents;
import dev.sclera.events.DeadLetters;
import dev.sclera.local.FreshWorkspace;
import dev.sclera.local.Operations;
import dev.sclera.store.S3Access;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that nobody here started, as a cluster's are, which tell the functions of their ends over HTTP; and the campaign
 * goes on.
 */
@QuarkusTest
@TestProfile(JobTellsOverHttpTest.Elsewhere.class)
class JobTellsOverHttpTest {

    /** Repairs are made by jobs that this process neither starts nor sees. */
    public static class Elsewhere extends FreshWorkspace {

        public Elsewhere() {
            super(Map.of(
                    "sclera.campaign.repairs", "jobs",
                    "sclera.finetune.dispatcher", "none"));
        }
    }

    @Inject
    Operations operations;

    @Inject
    CampaignEvents campaigns;

    @Inject
    StepwiseCampaigns stepwise;

    @Inject
    DeadLetters letters;

    @TestHTTPResource
    URI functions;

    @Test
    void aCampaignGoesOnOnceItsJobsHaveToldOfTheirEnds(@TempDir Path folder) throws Exception {
        Laboratory.furnish(operations.artifacts(), folder);
        String id = campaigns.start(EventLaboratory.spec("tiny-1")).id();
        operations.events().awaitIdle();
        List<String> jobs = operations.repairs().jobs().ids();
        assertThat(jobs).hasSize(2);
        assertThat(stepwise.finished(id)).isEmpty();

        for (String job : jobs) {
            assertThat(run(job, folder.resolve("job.log")))
                    .as(Files.readString(folder.resolve("job.log")))
                    .isZero();
        }

        // the program ends when it was heard, and what follows is done by events
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> stepwise.finished(id).isPresent());
        assertThat(letters.all()).isEmpty();
    }

    private int run(String job, Path log) throws IOException, InterruptedException {
        S3Access access = operations.store().access();
        ProcessBuilder builder = new ProcessBuilder(JobCommand.of(job))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment()
                .putAll(Map.of(
                        "SCLERA_STORE_BUCKET", access.bucket(),
                        "SCLERA_STORE_REGION", access.region(),
                        "SCLERA_STORE_ENDPOINT",
                                Optional.ofNullable(access.endpoint())
                                        .orElseThrow()
                                        .toString(),
                        "SCLERA_STORE_ACCESS_KEY",
                                Optional.ofNullable(access.accessKey()).orElseThrow(),
                        "SCLERA_STORE_SECRET_KEY",
                                Optional.ofNullable(access.secretKey()).orElseThrow(),
                        "SCLERA_JOB_TELL", functions.toString()));
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the job does not end: " + Files.readString(log));
        }
        return process.exitValue();
    }
}
