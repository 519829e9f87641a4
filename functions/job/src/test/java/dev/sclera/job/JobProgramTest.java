package dev.sclera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.net.httpserver.HttpServer;
import dev.sclera.attack.CraftSpec;
import dev.sclera.campaign.Laboratory;
import dev.sclera.defense.Augmentation;
import dev.sclera.defense.Averaging;
import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.FinetuneStatus;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.Mix;
import dev.sclera.defense.Optimisation;
import dev.sclera.defense.Stopping;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.progress.Progress;
import dev.sclera.store.Keys;
import dev.sclera.store.S3Access;
import dev.sclera.store.embedded.Tmpfs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job program in processes of its own, on a real S3 endpoint. */
class JobProgramTest {

    private static final int EPOCHS = 20;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static String undisturbed;
    private Laboratory laboratory;
    private Finetuning finetuning;

    @BeforeAll
    static void runUndisturbed() throws IOException {
        try (Laboratory other = new Laboratory(shared.resolve("workspace")).furnished(shared.resolve("sources"))) {
            Finetune finetune = finetuning(other).run(spec(other, 0.05, EPOCHS, 0), null, Progress.none());
            undisturbed = finetune.onnxSha256();
        }
    }

    @BeforeEach
    void open() throws IOException {
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(shared.resolve("sources"));
        finetuning = finetuning(laboratory);
    }

    @AfterEach
    void close() {
        laboratory.close();
    }

    @Test
    void killedTwiceAndAskedToEndOnceItEndsWithTheSameModel() throws Exception {
        String id = finetuning.submit(spec(laboratory, 0.05, EPOCHS, 0)).id();
        for (int epoch : new int[] {3, 7}) {
            JobProcess job = start(id);
            await(job, id, epoch);
            // SIGKILL
            job.process().destroyForcibly();
            assertThat(job.code()).as(job.said()).isNotZero();
            assertThat(finetuning.status(id).state()).isEqualTo(FinetuneStatus.State.RUNNING);
        }
        JobProcess asked = start(id);
        await(asked, id, 10);
        // SIGTERM
        asked.process().destroy();
        assertThat(asked.code()).as(asked.said()).isEqualTo(143);
        assertThat(asked.said()).contains("Asked to end", "Interrupted after");
        FinetuneStatus status = finetuning.status(id);
        assertThat(status.state()).isEqualTo(FinetuneStatus.State.INTERRUPTED);
        assertThat(status.epoch()).isBetween(10, EPOCHS - 1);
        JobProcess last = start(id);
        assertThat(last.code()).as(last.said()).isZero();
        assertSameEnd(id);
        assertThat(last.said()).contains("fine-tuning tiny-1", "Done: models/tiny-1-");
    }

    /** As clusters have it, which tell nobody: the job itself does, once it has ended, and again where it must. */
    @Test
    void itTellsItsEndWhereItIsAskedToAndIsNotDoneBeforeItIsHeard() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        AtomicInteger status = new AtomicInteger(503);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            told.add(exchange.getRequestHeaders().getFirst("ce-type") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            Map<String, String> tell = Map.of(
                    "SCLERA_JOB_TELL", "http://127.0.0.1:" + server.getAddress().getPort());
            String id = finetuning.submit(spec(laboratory, 0.05, 1, 0)).id();
            String end = "dev.sclera.finetune-ended {\"job\":\"" + id + "\"}";
            S3Access access = laboratory.workspace.access();
            JobProcess unheard = JobProcess.start(access, tell, folder.resolve("job.log"), id);
            assertThat(unheard.code()).as(unheard.said()).isEqualTo(7);
            assertThat(finetuning.status(id).state()).isEqualTo(FinetuneStatus.State.SUCCEEDED);
            assertThat(told).containsExactly(end, end, end);

            told.clear();
            status.set(202);
            JobProcess heard = JobProcess.start(access, tell, folder.resolve("job.log"), id);
            assertThat(heard.code()).as(heard.said()).isZero();
            assertThat(told).containsExactly(end);

            // what cannot be done has ended too
            told.clear();
            JobProcess unknown = JobProcess.start(access, tell, folder.resolve("job.log"), "ab".repeat(32));
            assertThat(unknown.code()).as(unknown.said()).isEqualTo(4);
            assertThat(told).singleElement().asString().contains("ab".repeat(32));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aStoreThatFailsInACheckpointCostsNothingThatWasSaved() throws Exception {
        String id = finetuning.submit(spec(laboratory, 0.05, EPOCHS, 0)).id();
        S3Access access = laboratory.workspace.access();
        try (FaultyWire wire = new FaultyWire(access.endpoint())) {
            S3Access through = new S3Access(
                    wire.endpoint(), access.region(), access.bucket(), access.accessKey(), access.secretKey());
            JobProcess job = JobProcess.start(through, folder.resolve("job.log"), id);
            await(job, id, 3);
            wire.cut(request -> request.startsWith("PUT ") && request.contains("/checkpoint/"));
            assertThat(job.code()).as(job.said()).isEqualTo(7);
            assertThat(job.said()).contains("/checkpoint/", "Check the endpoint");
            FinetuneStatus status = finetuning.status(id);
            assertThat(status.state()).isEqualTo(FinetuneStatus.State.FAILED);
            assertThat(status.error()).contains("/checkpoint/");
            assertThat(laboratory.objects.exists(Keys.finetuneFile(id, "model.onnx")))
                    .isFalse();
            wire.heal();
            JobProcess again = JobProcess.start(through, folder.resolve("job.log"), id);
            assertThat(again.code()).as(again.said()).isZero();
        }
        assertSameEnd(id);
    }

    @Test
    void aFullDiskCostsNothingThatWasSaved() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        try (Tmpfs mounted = Tmpfs.mount(disk, "16m")) {
            laboratory.close();
            laboratory = new Laboratory(mounted.folder().resolve("workspace")).furnished(shared.resolve("sources"));
            finetuning = finetuning(laboratory);
            String id = finetuning.submit(spec(laboratory, 0.05, EPOCHS, 0)).id();
            JobProcess job = start(id);
            await(job, id, 3);
            Path filling = disk.resolve("filling");
            fill(filling);
            assertThat(job.code()).as(job.said()).isEqualTo(7);
            assertThat(job.said()).contains("the disk is not full").doesNotContain("\tat ");
            assertThat(laboratory.objects.exists(Keys.finetuneFile(id, "model.onnx")))
                    .isFalse();
            Files.delete(filling);
            JobProcess again = start(id);
            if (again.code() == 7) {
                // a server that was out of room a moment ago may yet drop a connection; "try again" is what people are
                // told
                again = start(id);
            }
            assertThat(again.code()).as(again.said()).isZero();
            assertSameEnd(id);
            laboratory.close();
        }
        laboratory = new Laboratory(folder.resolve("workspace"));
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            // it is full
        }
    }

    @Test
    void aModelThatIsGoneIsTold() throws Exception {
        String id = finetuning.submit(spec(laboratory, 0.05, 3, 0)).id();
        laboratory.objects.delete(Keys.model("tiny-1"));
        JobProcess job = start(id);
        assertThat(job.code()).as(job.said()).isEqualTo(4);
        assertThat(job.said()).contains("There is no model \"tiny-1\"").doesNotContain("\tat ");
        assertThat(finetuning.status(id).state()).isEqualTo(FinetuneStatus.State.FAILED);
        assertThat(finetuning.status(id).error()).contains("There is no model \"tiny-1\"");
    }

    @Test
    void aLearningRateOf10DivergesIsStoppedAndWritesNoModel() throws Exception {
        String id = finetuning.submit(spec(laboratory, 10, 40, 0)).id();
        List<String> models = laboratory.models.names();
        JobProcess job = start(id);
        assertThat(job.code()).as(job.said()).isEqualTo(2);
        FinetuneStatus status = finetuning.status(id);
        assertThat(status.state()).isEqualTo(FinetuneStatus.State.FAILED);
        assertThat(status.error())
                .contains("\"optimisation.learningRate\"", "10.0", "diverged", "No model was written");
        assertThat(laboratory.objects.exists(Keys.finetuneFile(id, "model.onnx")))
                .isFalse();
        assertThat(laboratory.models.names()).isEqualTo(models);
    }

    @Test
    void aJobThatCraftsAnewFindsTheAttack() throws Exception {
        String id = finetuning.submit(spec(laboratory, 0.05, 3, 1)).id();
        JobProcess job = start(id);
        assertThat(job.code()).as(job.said()).isZero();
        assertThat(job.said()).contains("crafting pgd against tiny-1");
        assertThat(finetuning.status(id).state()).isEqualTo(FinetuneStatus.State.SUCCEEDED);
    }

    @Test
    void cudaWithoutADeviceIsTold() throws Exception {
        assumeFalse(Files.exists(Path.of("/dev/nvidia0")), "there is a CUDA device, so there is nothing to tell");
        String id = finetuning.submit(spec(laboratory, 0.05, 3, 0)).id();
        JobProcess job = JobProcess.start(
                laboratory.workspace.access(), Map.of("SCLERA_COMPUTE", "cuda"), folder.resolve("job.log"), id);
        assertThat(job.code()).as(job.said()).isEqualTo(2);
        assertThat(job.said()).contains("\"sclera.compute\"", "no CUDA device").doesNotContain("\tat ");
        assertThat(finetuning.status(id).error()).contains("\"sclera.compute\"");
        JobProcess wrong = JobProcess.start(Map.of("SCLERA_COMPUTE", "gpu"), folder.resolve("wrong.log"), id);
        assertThat(wrong.code()).as(wrong.said()).isEqualTo(2);
        assertThat(wrong.said()).contains("sclera.compute", "gpu").doesNotContain("\tat ");
    }

    @Test
    void whatDoesNotSayEnoughIsTold() throws Exception {
        JobProcess none = JobProcess.start(Map.of(), folder.resolve("none.log"));
        JobProcess nowhere = JobProcess.start(Map.of("SCLERA_JOB_ID", "ab".repeat(32)), folder.resolve("bucket.log"));
        JobProcess unknown =
                JobProcess.start(laboratory.workspace.access(), folder.resolve("unknown.log"), "ab".repeat(32));
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.said()).contains("SCLERA_JOB_ID").doesNotContain("\tat ");
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.said()).contains("SCLERA_STORE_BUCKET").doesNotContain("\tat ");
        assertThat(unknown.code()).isEqualTo(4);
        assertThat(unknown.said()).contains("There is no fine-tuning job").doesNotContain("\tat ");
    }

    private JobProcess start(String id) throws IOException {
        return JobProcess.start(laboratory.workspace.access(), folder.resolve("job.log"), id);
    }

    /** Waits until so many epochs are done. */
    private void await(JobProcess job, String id, int epoch) throws InterruptedException {
        while (finetuning.status(id).epoch() < epoch) {
            assertThat(job.process().isAlive()).as(job.said()).isTrue();
            Thread.sleep(5);
        }
    }

    private void assertSameEnd(String id) {
        Finetune finetune = finetuning.find(id).orElseThrow();
        assertThat(finetune.onnxSha256()).isEqualTo(undisturbed);
        assertThat(laboratory.models.get(finetune.name()).sha256()).isEqualTo(undisturbed);
        FinetuneStatus status = finetuning.status(id);
        assertThat(status.state()).isEqualTo(FinetuneStatus.State.SUCCEEDED);
        assertThat(status.error()).isNull();
        assertThat(laboratory.objects.list(Keys.finetuneFile(id, "checkpoint/")))
                .isEmpty();
    }

    private static Finetuning finetuning(Laboratory laboratory) {
        return new Finetuning(laboratory.artifacts, laboratory.models, laboratory.datasets, laboratory.perturbations);
    }

    private static FinetuneSpec spec(Laboratory laboratory, double rate, int epochs, int recraftEvery) {
        String perturbation = laboratory
                .crafting
                .craft(
                        new CraftSpec("pgd", List.of("tiny-1"), "eyes-train", Laboratory.settings(8 / 255.0, 2, 7)),
                        Progress.none())
                .id();
        return new FinetuneSpec(
                "tiny-1",
                "eyes-train",
                null,
                0.4,
                List.of(perturbation),
                Mix.DEFAULT,
                new Optimisation(
                        epochs,
                        6,
                        Optimisation.Algorithm.ADAMW,
                        rate,
                        Optimisation.Schedule.COSINE,
                        0.5,
                        0.9,
                        1e-4,
                        Optimisation.ClassWeights.BALANCED),
                TrainedLayers.ALL,
                false,
                Augmentation.DEFAULT,
                new Averaging(Averaging.Kind.EMA, 0.5, 0.5),
                new Stopping(1, 0),
                recraftEvery,
                5,
                null);
    }
}
