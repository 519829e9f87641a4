package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.model.Model;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.StorageException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on tiny graders through a real S3: run once, twice, cut off, and refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinetuningTest {

    private static final Progress NO_WORK = (name, total) -> {
        throw new AssertionError("there was work: " + name);
    };

    private Path sources;
    private Laboratory laboratory;
    private Finetuning finetuning;
    private Perturbation perturbation;
    private FinetuneSpec spec;
    private Finetune undisturbed;

    @BeforeAll
    void runUndisturbed(@TempDir Path folder) throws IOException {
        sources = folder.resolve("sources");
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(sources);
        finetuning = RepairShop.finetuning(laboratory);
        perturbation = attacked(laboratory);
        spec = RepairShop.spec(perturbation.id());
        undisturbed = finetuning.run(spec, null, Progress.none());
    }

    private static Perturbation attacked(Laboratory laboratory) {
        return RepairShop.perturbation(laboratory, "tiny-1", laboratory.datasets.get("eyes-train"), 0.1, 25);
    }

    @AfterAll
    void close() {
        laboratory.close();
    }

    @Test
    void itLearnsToGradeUnderAttack() {
        List<EpochLine> log = undisturbed.log();
        assertThat(log).extracting(EpochLine::epoch).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        EpochLine original = log.get(0);
        EpochLine best = log.get(undisturbed.bestEpoch());
        assertThat(log.get(8).trainingLoss()).isLessThan(log.get(1).trainingLoss());
        assertThat(best.attackedLoss()).isLessThan(original.attackedLoss());
        assertThat(best.attackedQuadraticKappa()).isGreaterThan(original.attackedQuadraticKappa() + 0.3);
        assertThat(log.subList(1, 9))
                .allSatisfy(line ->
                        assertThat(line.attackedQuadraticKappa()).isLessThanOrEqualTo(best.attackedQuadraticKappa()));
        assertThat(undisturbed.withinBound()).isTrue();
        assertThat(undisturbed.notes()).isEmpty();
    }

    @Test
    void theRepairedFileDiffersInWeightsAndProvenanceAlone() throws Exception {
        Model original = laboratory.models.get("tiny-1");
        ModelProto before = ModelProto.parseFrom(laboratory.models.onnx(original));
        ModelProto after = ModelProto.parseFrom(laboratory.objects.get(undisturbed.onnx(), undisturbed.onnxSha256()));
        Map<String, String> metadata = new TreeMap<>();
        after.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        assertThat(metadata)
                .containsExactly(
                        Map.entry("sclera.finetune", undisturbed.id()),
                        Map.entry("sclera.original", original.sha256()),
                        Map.entry("sclera.perturbations", perturbation.id()));
        assertThat(withoutWeights(after)).isEqualTo(withoutWeights(before));
        for (int i = 0; i < before.getGraph().getInitializerCount(); i++) {
            var weight = before.getGraph().getInitializer(i);
            var trained = after.getGraph().getInitializer(i);
            assertThat(trained.getName()).isEqualTo(weight.getName());
            assertThat(trained.getDimsList()).isEqualTo(weight.getDimsList());
            assertThat(trained).as(weight.getName()).isNotEqualTo(weight);
        }
    }

    private static ModelProto withoutWeights(ModelProto model) {
        GraphProto graph = model.getGraph().toBuilder().clearInitializer().build();
        return model.toBuilder().clearMetadataProps().setGraph(graph).build();
    }

    @Test
    void theRepairedGraderIsAModelLikeAny() {
        assertThat(undisturbed.name())
                .isEqualTo("tiny-1-climb-" + undisturbed.id().substring(0, 8));
        Model repaired = laboratory.models.get(undisturbed.name());
        assertThat(repaired.sha256()).isEqualTo(undisturbed.onnxSha256());
        Dataset train = laboratory.datasets.get("eyes-train");
        Evaluation evaluation = laboratory.evaluating.evaluate(repaired, train, perturbation, Progress.none());
        assertThat(evaluation.quadraticKappa()).isGreaterThan(0.3);
    }

    @Test
    void theSameJobAgainDoesNoWork() {
        Map<String, byte[]> before = contents(laboratory);
        assertThat(finetuning.run(spec, null, NO_WORK)).isEqualTo(undisturbed);
        Map<String, byte[]> after = contents(laboratory);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((key, body) -> assertThat(after.get(key)).as(key).isEqualTo(body));
    }

    @Test
    void nothingOfACheckpointIsLeftBehind() {
        assertThat(laboratory.objects.list("finetunes/" + undisturbed.id() + "/"))
                .containsExactlyElementsOf(
                        List.of("finetune.json", "job.json", "log.jsonl", "model.onnx", "status.json").stream()
                                .map(file -> Keys.finetuneFile(undisturbed.id(), file))
                                .toList());
        FinetuneStatus status = finetuning.status(undisturbed.id());
        assertThat(status.state()).isEqualTo(FinetuneStatus.State.SUCCEEDED);
        assertThat(status.epoch()).isEqualTo(8);
        assertThat(status.images()).isEqualTo(120).isEqualTo(status.totalImages());
        String log = new String(
                laboratory.objects.get(Keys.finetuneFile(undisturbed.id(), "log.jsonl")), StandardCharsets.UTF_8);
        assertThat(log.lines()).hasSize(9).allSatisfy(line -> assertThat(line).contains("attackedQuadraticKappa"));
    }

    /** In the first epoch, at the end of one, in a later one, and in the last step. */
    @ParameterizedTest
    @ValueSource(longs = {6, 15, 51, 120})
    void cutOffAnywhereItEndsWithTheSameBytes(long images, @TempDir Path folder) throws IOException {
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            Finetuning jobs = RepairShop.finetuning(other);
            assertThatThrownBy(() -> jobs.run(spec, null, cutOffAfter(images))).hasMessage("cut off");
            assertThat(jobs.status(undisturbed.id()).error()).isEqualTo("cut off");
            List<Long> advances = new ArrayList<>();
            Finetune resumed = jobs.run(undisturbed.id(), null, noting(advances));
            assertThat(advances.get(0)).as("where it went on").isBetween(images - 6, images);
            assertSameEnd(resumed, other);
        }
    }

    @Test
    void killedTwiceItEndsWithTheSameBytes(@TempDir Path folder) throws Exception {
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            RepairShop.finetuning(other).submit(spec);
        }
        for (long images : new long[] {20, 70}) {
            Process child = child(folder);
            try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
                String line = said.readLine();
                while (line != null && Long.parseLong(line) < images) {
                    line = said.readLine();
                }
                assertThat(line).as("the child came that far").isNotNull();
                // SIGKILL
                child.destroyForcibly();
                assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        try (Laboratory other = new Laboratory(folder)) {
            Finetuning jobs = RepairShop.finetuning(other);
            assertThat(jobs.status(undisturbed.id()).state()).isEqualTo(FinetuneStatus.State.RUNNING);
            List<Long> advances = new ArrayList<>();
            Finetune resumed = jobs.run(undisturbed.id(), null, noting(advances));
            assertThat(advances.get(0)).as("where it went on").isGreaterThanOrEqualTo(60);
            assertSameEnd(resumed, other);
        }
    }

    private Process child(Path workspace) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FinetuneChild.class.getName(),
                        workspace.toString(),
                        undisturbed.id())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void assertSameEnd(Finetune resumed, Laboratory other) {
        assertThat(resumed.onnxSha256()).isEqualTo(undisturbed.onnxSha256());
        assertThat(other.objects.get(resumed.onnx(), resumed.onnxSha256()))
                .isEqualTo(laboratory.objects.get(undisturbed.onnx()));
        assertThat(resumed.bestEpoch()).isEqualTo(undisturbed.bestEpoch());
        assertThat(resumed.log()).hasSameSizeAs(undisturbed.log());
        for (int epoch = 0; epoch < resumed.log().size(); epoch++) {
            assertThat(resumed.log().get(epoch))
                    .usingRecursiveComparison()
                    .ignoringFields("seconds")
                    .isEqualTo(undisturbed.log().get(epoch));
        }
        assertThat(other.objects.list(Keys.finetuneFile(resumed.id(), "checkpoint/")))
                .isEmpty();
        assertThat(RepairShop.finetuning(other).status(resumed.id()).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void interruptedItSavesSaysSoAndEndsWithTheSameBytes(int steps, @TempDir Path folder) throws IOException {
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            // seldom enough that it is the interruption that saves
            Finetuning jobs = new Finetuning(
                    other.artifacts, other.models, other.datasets, other.perturbations, Duration.ofHours(1));
            String id = jobs.submit(spec).id();
            AtomicInteger asked = new AtomicInteger();
            assertThatThrownBy(() -> jobs.run(id, null, () -> asked.incrementAndGet() == steps, Progress.none()))
                    .isInstanceOf(FinetuneInterruptedException.class);
            assertThat(jobs.status(id).state()).isEqualTo(FinetuneStatus.State.INTERRUPTED);
            assertThat(jobs.status(id).error()).isNull();
            List<Long> advances = new ArrayList<>();
            Finetune resumed = jobs.run(id, null, noting(advances));
            assertThat(advances.get(0))
                    .as("where it went on")
                    .isEqualTo(jobs.status(id).totalImages() / 8 * (steps / 3) + 6 * (steps % 3));
            assertSameEnd(resumed, other);
        }
    }

    @Test
    void anotherSeedIsAnotherJobWithAnotherEnd() {
        Finetune other = finetuning.run(seeded(6), null, Progress.none());
        assertThat(other.id()).isNotEqualTo(undisturbed.id());
        assertThat(other.onnxSha256()).isNotEqualTo(undisturbed.onnxSha256());
    }

    @Test
    void aNameIsKeptAndAnothersIsRefused() {
        FinetuneSpec named = changed(spec, spec.optimisation(), spec.mix(), 0, 5, "mended");
        Finetune finetune = finetuning.run(named, null, NO_WORK);
        assertThat(finetune.name()).isEqualTo("mended");
        assertThat(laboratory.models.get("mended").sha256()).isEqualTo(undisturbed.onnxSha256());
        assertThatThrownBy(() -> finetuning.submit(changed(spec, spec.optimisation(), spec.mix(), 0, 5, "tiny-2")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("tiny-2");
    }

    @Test
    void aLearningRateThatDivergesIsToldAndWritesNoModel() {
        Optimisation steep = new Optimisation(
                2,
                6,
                Optimisation.Algorithm.SGD,
                100,
                Optimisation.Schedule.CONSTANT,
                0,
                0.9,
                0,
                Optimisation.ClassWeights.NONE);
        FinetuneSpec diverging = changed(spec, steep, spec.mix(), 0, 5, "diverged");
        assertThatThrownBy(() -> finetuning.run(diverging, null, Progress.none()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("learningRate")
                .hasMessageContaining("diverged");
        String id = finetuning.submit(diverging).id();
        FinetuneStatus status = finetuning.status(id);
        assertThat(status.state()).isEqualTo(FinetuneStatus.State.FAILED);
        assertThat(status.error()).contains("100", "a lower one", "No model was written");
        assertThat(laboratory.objects.exists(Keys.finetuneFile(id, "model.onnx")))
                .isFalse();
        assertThat(laboratory.objects.exists(Keys.model("diverged"))).isFalse();
    }

    @Test
    void inPairsItLearnsToo() {
        FinetuneSpec paired = changed(spec, spec.optimisation(), new Mix(0.3, false, 1, 0, 2, 0, 0), 0, 5, null);
        Finetune finetune = finetuning.run(paired, null, Progress.none());
        assertThat(finetune.log().get(8).trainingLoss())
                .isLessThan(finetune.log().get(1).trainingLoss());
        assertThat(finetune.log().get(finetune.bestEpoch()).attackedLoss())
                .isLessThan(finetune.log().get(0).attackedLoss());
    }

    /** Between two epochs, and in the middle of one; an epoch has 15 images. */
    @ParameterizedTest
    @ValueSource(ints = {51, 57})
    void perturbationsThatPursueTheGraderAreAnotherTrainingAndEndTheSameWhenCutOff(int cutOff, @TempDir Path folder)
            throws IOException {
        Mix pursuing = Mix.of(0.5, true, 0.5, 2).pursuing(0.2);
        FinetuneSpec pursued = changed(spec, spec.optimisation(), pursuing, 0, 5, "pursued");
        Finetune whole = finetuning.run(pursued, null, Progress.none());
        assertThat(whole.onnxSha256()).isNotEqualTo(undisturbed.onnxSha256());
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            Finetuning jobs = RepairShop.finetuning(other);
            assertThatThrownBy(() -> jobs.run(pursued, null, cutOffAfter(cutOff)))
                    .hasMessage("cut off");
            Finetune resumed = jobs.run(whole.id(), null, Progress.none());
            assertThat(resumed.onnxSha256()).isEqualTo(whole.onnxSha256());
        }
    }

    @Test
    void perturbationsThatAreCraftedAnewJoinThoseThatThereAre() {
        List<Integer> crafted = new ArrayList<>();
        FinetuneSpec every = changed(spec, spec.optimisation(), spec.mix(), 3, 5, null);
        Finetune finetune = finetuning.run(every, crafting(crafted), Progress.none());
        assertThat(crafted).as("after each third epoch, and the last").containsExactly(3, 6, 8);
        assertThat(losses(finetune).subList(0, 4))
                .as("before the first new perturbation nothing is otherwise")
                .isEqualTo(losses(undisturbed).subList(0, 4));
        assertThat(finetune.log().get(4).trainingLoss())
                .isNotEqualTo(undisturbed.log().get(4).trainingLoss());
    }

    @Test
    void anEpochTrainsOnTheJobsPerturbationsAndAllThatWereCraftedBeforeIt() {
        Dataset dataset = laboratory.datasets.get("eyes-train");
        Delta given = laboratory.perturbations.read(perturbation);
        FinetuneInputs inputs = new FinetuneInputs(
                laboratory.models.get("tiny-1"),
                dataset,
                Division.of(laboratory.datasets, dataset, spec),
                List.of(perturbation, perturbation),
                List.of(given, given));
        Deltas deltas = new Deltas(
                inputs,
                2,
                5,
                (request, alive) -> scaled(given, request.epoch()),
                laboratory.objects,
                new FinetuneCheckpoint(laboratory.objects, "deltas"));
        List<Integer> sizes = new ArrayList<>();
        for (int done = 1; done <= 5; done++) {
            sizes.add(deltas.craftedAfter(done, () -> new byte[0], () -> {}).size());
        }
        assertThat(sizes).as("after each second epoch, and the last").containsExactly(0, 2, 0, 2, 2);
        assertThat(largest(deltas.before(1))).containsExactly(0.1, 0.1);
        assertThat(largest(deltas.before(2))).containsExactly(0.1, 0.1, 0.2, 0.2);
        assertThat(largest(deltas.before(4))).containsExactly(0.1, 0.1, 0.2, 0.2, 0.4, 0.4);
    }

    private static Delta scaled(Delta delta, int factor) {
        float[] values = delta.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return new Delta(delta.height(), delta.width(), values);
    }

    /** The largest magnitudes, in tenths. */
    private static List<Double> largest(List<Delta> deltas) {
        return deltas.stream()
                .map(delta -> Math.round(10 * delta.maximumNorm()) / 10.0)
                .toList();
    }

    @Test
    void theEpochThatIsKeptIsOneThatWasJudgedByNewPerturbations() {
        FinetuneSpec every = changed(spec, spec.optimisation(), spec.mix(), 3, 6, null);
        Finetune finetune = finetuning.run(every, crafting(new ArrayList<>()), Progress.none());
        assertThat(finetune.bestEpoch()).isIn(3, 6, 8);
    }

    /** Between two epochs, before and after there is a new one, and in the middle of one; an epoch has 15 images. */
    @ParameterizedTest
    @ValueSource(ints = {51, 57, 75})
    void newPerturbationsBesidePursuingOnesEndTheSameWhenCutOff(int cutOff, @TempDir Path folder) throws IOException {
        Mix pursuing = Mix.of(0.5, true, 0.5, 2).pursuing(0.2);
        FinetuneSpec both = changed(spec, spec.optimisation(), pursuing, 2, 5, "both");
        Finetune whole = finetuning.run(both, crafting(new ArrayList<>()), Progress.none());
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            Finetuning jobs = RepairShop.finetuning(other);
            List<Integer> crafted = new ArrayList<>();
            Recrafting recrafting = crafting(other, crafted);
            assertThatThrownBy(() -> jobs.run(both, recrafting, cutOffAfter(cutOff)))
                    .hasMessage("cut off");
            Finetune resumed = jobs.run(whole.id(), recrafting, Progress.none());
            assertThat(resumed.onnxSha256()).isEqualTo(whole.onnxSha256());
            assertThat(crafted).as("each once").containsExactly(2, 4, 6, 8);
        }
    }

    /** The second perturbation's crafting is cut off, when the first one's is kept and the epoch has no checkpoint. */
    @Test
    void ofNewPerturbationsThatAreThereNoneIsCraftedAgain(@TempDir Path folder) throws IOException {
        FinetuneSpec two = onTwo(laboratory);
        Finetune whole = finetuning.run(two, crafting(new ArrayList<>()), Progress.none());
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            FinetuneSpec same = onTwo(other);
            Finetuning jobs = RepairShop.finetuning(other);
            List<Integer> crafted = new ArrayList<>();
            Recrafting recrafting = crafting(other, crafted);
            Recrafting cutOff = (request, alive) -> {
                if (crafted.size() == 3) {
                    throw new IllegalStateException("cut off");
                }
                return recrafting.craft(request, alive);
            };
            assertThatThrownBy(() -> jobs.run(same, cutOff, Progress.none())).hasMessage("cut off");
            assertThat(crafted).containsExactly(3, 3, 6);
            List<Long> images = new ArrayList<>();
            Finetune resumed = jobs.run(whole.id(), recrafting, noting(images));
            assertThat(crafted).containsExactly(3, 3, 6, 6, 8, 8);
            assertThat(images.get(0))
                    .as("six epochs of 15 images were there already")
                    .isEqualTo(90);
            assertThat(resumed.onnxSha256()).isEqualTo(whole.onnxSha256());
        }
    }

    private FinetuneSpec onTwo(Laboratory laboratory) {
        Perturbation second =
                RepairShop.perturbation(laboratory, "tiny-1", laboratory.datasets.get("eyes-train"), 0.05, 5);
        return changed(spec, spec.optimisation(), spec.mix(), 3, 8, "on-two")
                .on(List.of(perturbation.id(), second.id()));
    }

    @Test
    void patienceCountsToTheEpochsThatNewPerturbationsJudge() {
        FinetuneSpec impatient = new FinetuneSpec(
                spec.model(),
                spec.dataset(),
                spec.validation(),
                spec.validationShare(),
                spec.perturbations(),
                spec.mix(),
                spec.optimisation().during(8, 1e-6),
                spec.layers(),
                spec.batchStatistics(),
                spec.augmentation(),
                Averaging.NONE,
                new Stopping(2, 1),
                2,
                9,
                null);
        List<Integer> crafted = new ArrayList<>();
        Finetune finetune = finetuning.run(impatient, crafting(crafted), Progress.none());
        assertThat(finetune.log())
                .as("at so low a rate the fourth epoch is no better than the second")
                .hasSize(5);
        assertThat(crafted).containsExactly(2, 4);
    }

    private static List<Double> losses(Finetune finetune) {
        return finetune.log().stream().map(EpochLine::trainingLoss).toList();
    }

    private Recrafting crafting(List<Integer> epochs) {
        return crafting(laboratory, epochs);
    }

    /** Crafts in a few steps, and tells when it did. */
    private static Recrafting crafting(Laboratory laboratory, List<Integer> epochs) {
        return (request, alive) -> {
            epochs.add(request.epoch());
            Model present = laboratory.models.register(
                    "at-" + Sha256.of(request.onnx()).substring(0, 8),
                    request.onnx(),
                    request.model().descriptor());
            return RepairShop.delta(
                    laboratory.models, present, laboratory.datasets.read(request.dataset(), 0), 0.1, 10);
        };
    }

    @Test
    void aJobThatWantsNewPerturbationsNeedsSomebodyToCraftThem() {
        FinetuneSpec every = changed(spec, spec.optimisation(), spec.mix(), 3, 7, null);
        assertThatThrownBy(() -> finetuning.run(every, null, NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("recraftEvery");
    }

    @Test
    void aJobWhoseModelIsGoneFailsAndSaysSo(@TempDir Path folder) throws IOException {
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            Finetuning jobs = RepairShop.finetuning(other);
            String id = jobs.submit(spec).id();
            assertThat(jobs.status(id).state()).isEqualTo(FinetuneStatus.State.QUEUED);
            other.objects.delete(Keys.model("tiny-1"));
            assertThatThrownBy(() -> jobs.run(id, null, NO_WORK))
                    .isInstanceOf(MissingArtifactException.class)
                    .hasMessageContaining("tiny-1");
            assertThat(jobs.status(id).state()).isEqualTo(FinetuneStatus.State.FAILED);
            assertThat(jobs.status(id).error()).contains("no model \"tiny-1\"");
        }
    }

    /** When the third checkpoint is written, the first weights, the model, and the record. */
    @ParameterizedTest
    @ValueSource(strings = {"checkpoint/state.bin", "checkpoint/best-1.bin", "model.onnx", "finetune.json"})
    void aStoreThatFailsIsToldAndCostsNothingThatWasSaved(String file, @TempDir Path folder) throws IOException {
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            attacked(other);
            AtomicInteger left = new AtomicInteger(file.endsWith("state.bin") ? 2 : 0);
            Artifacts failing = new Artifacts(
                    new FailingStore(other.objects, key -> key.endsWith("/" + file) && left.getAndDecrement() <= 0));
            Finetuning jobs = RepairShop.finetuning(other, failing);
            assertThatThrownBy(() -> jobs.run(spec, null, Progress.none())).isInstanceOf(StorageException.class);
            FinetuneStatus status = jobs.status(undisturbed.id());
            assertThat(status.state()).isEqualTo(FinetuneStatus.State.FAILED);
            assertThat(status.error()).contains("disk is full");
            assertThat(other.objects.exists(Keys.model(undisturbed.name()))).isFalse();
            List<Long> advances = new ArrayList<>();
            assertSameEnd(RepairShop.finetuning(other).run(undisturbed.id(), null, noting(advances)), other);
            assertThat(advances.get(0)).as("where it went on").isGreaterThanOrEqualTo(12);
        }
    }

    @Test
    void testImagesNeitherTrainNorValidate() {
        refused(with(spec, "eyes-test", null), "dataset", "eyes-test", "training or validation split");
        refused(with(spec, "eyes-train", "eyes-test"), "validation", "eyes-test", "training or validation split");
        refused(with(spec, "eyes-train", "eyes-train"), "validation", "another dataset");
    }

    @Test
    void anUnknownJobIsToldFrom() {
        assertThatThrownBy(() -> finetuning.run("ab".repeat(32), null, NO_WORK))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("abab");
    }

    private void refused(FinetuneSpec wrong, String... said) {
        assertThatThrownBy(() -> finetuning.submit(wrong))
                .isInstanceOf(ProblemException.class)
                .hasMessageContainingAll(said);
    }

    private FinetuneSpec seeded(long seed) {
        return changed(spec, spec.optimisation(), spec.mix(), 0, seed, null);
    }

    private static FinetuneSpec with(FinetuneSpec spec, String dataset, String validation) {
        return new FinetuneSpec(
                spec.model(),
                dataset,
                validation,
                spec.validationShare(),
                spec.perturbations(),
                spec.mix(),
                spec.optimisation(),
                spec.layers(),
                spec.batchStatistics(),
                spec.augmentation(),
                spec.averaging(),
                spec.stopping(),
                spec.recraftEvery(),
                spec.seed(),
                spec.name());
    }

    private static FinetuneSpec changed(
            FinetuneSpec spec, Optimisation optimisation, Mix mix, int recraftEvery, long seed, String name) {
        return new FinetuneSpec(
                spec.model(),
                spec.dataset(),
                spec.validation(),
                spec.validationShare(),
                spec.perturbations(),
                mix,
                optimisation,
                spec.layers(),
                spec.batchStatistics(),
                spec.augmentation(),
                spec.averaging(),
                spec.stopping(),
                recraftEvery,
                seed,
                name);
    }

    private static Map<String, byte[]> contents(Laboratory laboratory) {
        Map<String, byte[]> contents = new TreeMap<>();
        laboratory.objects.list("").forEach(key -> contents.put(key, laboratory.objects.get(key)));
        return contents;
    }

    private static Progress cutOffAfter(long images) {
        return (name, total) -> new Progress.Task() {

            private long done;

            @Override
            public void advance(long units) {
                done += units;
                if (units > 0 && done >= images) {
                    throw new IllegalStateException("cut off");
                }
            }

            @Override
            public void close() {}
        };
    }

    private static Progress noting(List<Long> advances) {
        return (name, total) -> new Progress.Task() {
            @Override
            public void advance(long units) {
                advances.add(units);
            }

            @Override
            public void close() {}
        };
    }
}
