package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.architecture.Architecture;
import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.SyntheticDatasets;
import dev.sclera.dataset.SyntheticRequest;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.model.Network;
import dev.sclera.model.Preprocessing;
import dev.sclera.model.TinyGrader;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingTest {

    private static final Progress NO_WORK = (name, total) -> {
        throw new AssertionError("there was work: " + name);
    };

    private static final Network TINY = Network.of(
            "tiny",
            TinyGrader.seeded(3).onnx(),
            new Preprocessing(null, null, null, null, List.of(0.5), List.of(0.5), null, null));

    private Path sources;
    private Laboratory laboratory;
    private Training training;
    private TrainedGrader undisturbed;

    @BeforeAll
    void runUndisturbed(@TempDir Path folder) throws Exception {
        sources = folder.resolve("sources");
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(sources);
        training = training(laboratory);
        undisturbed = training.run(TINY, spec("first", 5), Progress.none());
    }

    @AfterAll
    void close() {
        laboratory.close();
    }

    private static Training training(Laboratory laboratory) {
        return new Training(laboratory.artifacts, new Models(laboratory.artifacts), laboratory.datasets, Duration.ZERO);
    }

    private static TrainingSpec spec(String name, long seed) {
        Optimisation usual = TrainingSpec.FROM_SCRATCH;
        Optimisation four = new Optimisation(
                4,
                6,
                usual.algorithm(),
                0.02,
                usual.schedule(),
                1,
                usual.momentum(),
                usual.weightDecay(),
                usual.classWeights());
        return new TrainingSpec("eyes-train", null, four, true, Augmentation.DEFAULT, 0, seed, name);
    }

    /**
     * On photographs of other seeds. Guessing has a kappa of 0; on 1,000 pictures of 128×128 and 8 epochs, both
     * architectures come to 0.84 and more.
     */
    @Test
    void aGraderFromScratchLearnsToGradeSyntheticPhotographs() {
        SyntheticDatasets synthetic = new SyntheticDatasets(laboratory.artifacts);
        synthetic.make(new SyntheticRequest("learn", 64, SyntheticRequest.equal(36), 1, null), Progress.none());
        synthetic.make(new SyntheticRequest("other", 64, SyntheticRequest.equal(16), 2, null), Progress.none());
        Optimisation usual = TrainingSpec.FROM_SCRATCH;
        Optimisation optimisation = new Optimisation(
                7,
                16,
                usual.algorithm(),
                usual.learningRate(),
                usual.schedule(),
                usual.warmUp(),
                usual.momentum(),
                usual.weightDecay(),
                usual.classWeights());
        TrainingSpec spec = new TrainingSpec(
                "synthetic-learn", "synthetic-other", optimisation, true, Augmentation.DEFAULT, 0, 1, "learned");
        TrainedGrader grader = training.run(Architecture.RESNET_MINI.network("learned", 64, 1), spec, Progress.none());
        assertThat(grader.log().get(0).cleanQuadraticKappa()).isLessThan(0.2);
        assertThat(grader.best().cleanQuadraticKappa()).isGreaterThan(0.45);
        assertThat(grader.log().get(7).trainingLoss())
                .isLessThan(0.8 * grader.log().get(1).trainingLoss());
    }

    @ParameterizedTest
    @EnumSource
    void everyArchitectureTrainsAndIsAModelLikeAny(Architecture architecture) {
        String name = architecture.label();
        Optimisation usual = TrainingSpec.FROM_SCRATCH;
        // running statistics want some steps to come to those of the batches
        Optimisation eight = new Optimisation(
                8,
                6,
                usual.algorithm(),
                usual.learningRate(),
                usual.schedule(),
                1,
                usual.momentum(),
                usual.weightDecay(),
                usual.classWeights());
        TrainingSpec spec = new TrainingSpec("eyes-train", null, eight, true, Augmentation.DEFAULT, 0, 1, name);
        TrainedGrader grader = training.run(architecture.network(name, 32, 1), spec, Progress.none());
        Model model = laboratory.models.get(name);
        assertThat(model.sha256()).isEqualTo(grader.onnxSha256());
        assertThat(model.descriptor()).isEqualTo(grader.descriptor());
        assertThat(grader.best().cleanQuadraticKappa())
                .isGreaterThan(grader.log().get(0).cleanQuadraticKappa());
    }

    @Test
    void theSameTrainingAgainDoesNoWorkAndTakesAnyName() {
        assertThat(training.run(TINY, spec("first", 5), NO_WORK)).isEqualTo(undisturbed);
        TrainedGrader second = training.run(TINY, spec("second", 5), NO_WORK);
        assertThat(second.id()).isEqualTo(undisturbed.id());
        assertThat(laboratory.models.get("second").sha256()).isEqualTo(undisturbed.onnxSha256());
        assertThat(laboratory.objects.list(Keys.finetuneFile(undisturbed.id(), "checkpoint/")))
                .isEmpty();
    }

    @Test
    void otherWeightsOrAnotherSeedAreAnotherGrader() {
        Network other = TINY.with(TinyGrader.seeded(4).onnx());
        assertThat(training.run(other, spec("other", 5), Progress.none()).id()).isNotEqualTo(undisturbed.id());
        assertThat(training.run(TINY, spec("seeded", 6), Progress.none()).onnxSha256())
                .isNotEqualTo(undisturbed.onnxSha256());
    }

    /** In the first epoch, and in a later one. */
    @ParameterizedTest
    @ValueSource(longs = {6, 60})
    void cutOffAnywhereItEndsWithTheSameBytes(long images, @TempDir Path folder) throws Exception {
        try (Laboratory other = new Laboratory(folder).furnished(sources)) {
            assertThatThrownBy(() -> training(other).run(TINY, spec("first", 5), cutOffAfter(images)))
                    .hasMessage("cut off");
            TrainedGrader resumed = training(other).run(TINY, spec("first", 5), Progress.none());
            assertThat(resumed.onnxSha256()).isEqualTo(undisturbed.onnxSha256());
        }
    }

    private static Progress cutOffAfter(long images) {
        return (name, total) -> new Progress.Task() {
            private long done;

            @Override
            public void advance(long units) {
                done += units;
                if (done > images) {
                    throw new IllegalStateException("cut off");
                }
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void whatCannotBeTrainedOnIsToldBeforeAnyWork() {
        assertThatThrownBy(() -> training.run(TINY, spec("tiny-1", 5), NO_WORK)).isInstanceOf(ConflictException.class);
        TrainingSpec usual = spec("x", 5);
        TrainingSpec itself = new TrainingSpec(
                "eyes-train", "eyes-train", usual.optimisation(), true, usual.augmentation(), 0, 5, "x");
        assertThatThrownBy(() -> training.run(TINY, itself, NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("validation");
        TrainingSpec test = TrainingSpec.of("eyes-test", null, "x");
        assertThatThrownBy(() -> training.run(TINY, test, NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("test");
        assertThatThrownBy(() -> training.run(TINY, TrainingSpec.of("nothing", null, "x"), NO_WORK))
                .isInstanceOf(MissingArtifactException.class);
    }
}
