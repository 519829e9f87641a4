package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Norm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The white-box attacks against other implementations of them, on {@link SmallWorld}, image for image in the same
 * order. Of δ the figures are its first four values and {@code Σ δ_k·sin(k)}, and how many of the twenty images it has
 * graded otherwise than clean.
 *
 * <p>Where a test says ART, they come from the classes {@code UniversalPerturbation} and
 * {@code TargetedUniversalPerturbation} of adversarial-robustness-toolbox 1.20.1 themselves (commit 23539e2c, PyTorch
 * 2.13, float32, no clipping), {@code random.sample} giving our order; elsewhere from PyTorch 2.13 or numpy in float64,
 * written from the papers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EquivalenceTest {

    private static final double EPSILON = 0.05;

    private SmallWorld world;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        world = new SmallWorld(folder);
    }

    @AfterAll
    void close() {
        world.close();
    }

    /** ART, {@code attacker="fgsm"}, {@code eps=0.05}, {@code max_iter=3}, inner {@code eps} the step times 0.05. */
    @ParameterizedTest
    @CsvSource({
        "    , 0.2, 15,  0.375641,  0.01, -0.03,  0.01, -0.05",
        "    , 0.4, 17, -0.600637, -0.05,  0.03,  0.01,  0.01",
        "2, 0.2,  8, -0.060753,  0.01,  0.01, -0.03, -0.01",
        "2, 0.4, 14, -0.144517, -0.05,  0.05, -0.03,  0.00"
    })
    void ifgsmIsArtsLoop(
            @Nullable Integer target,
            double step,
            int fooled,
            double weighted,
            double first,
            double second,
            double third,
            double fourth) {
        try (SmallWorld.Start start = world.start(
                "ifgsm-uap", "layered", Norm.LINF, EPSILON, target, 1, step, "keep=fooling", "last-step=1")) {
            assertDelta(start, start.after(60), fooled, weighted, first, second, third, fourth);
        }
    }

    /** PyTorch: algorithm 1 with the authors' DeepFool, in two passes; 19 images are taken over their borders. */
    @Test
    void deepFoolIsTheAuthorsAlgorithm() {
        try (SmallWorld.Start start =
                world.start("deepfool-uap", "layered", Norm.LINF, EPSILON, null, 1, 2, "inner=l2")) {
            assertDelta(start, start.after(40), 15, -0.362899, -0.03919, 0.026214, 0.009856, -0.044206);
        }
    }

    /** PyTorch, as above, with δ brought back to a Euclidean length of 0.3. */
    @Test
    void deepFoolIsTheAuthorsAlgorithmInL2() {
        try (SmallWorld.Start start = world.start("deepfool-uap", "layered", Norm.L2, 0.3, null, 1, 2)) {
            assertDelta(start, start.after(40), 14, -0.034348, -0.019819, 0.021103, 0.014406, -0.030654);
        }
    }

    /**
     * Of an affine classifier the least perturbation has a closed form: over the border that is nearest,
     * {@code |f_k|·w_k/|w_k|₂²} in L2 and {@code |f_k|·sign(w_k)/|w_k|₁} in L∞ (DeepFool), one overshoot further.
     */
    @ParameterizedTest
    @EnumSource(names = {"L2", "LINF"})
    void deepFoolCrossesTheBorderOfAnAffineClassifierAtItsNearest(Norm norm) {
        try (SmallWorld.Start start = world.start("deepfool-uap", "affine", norm, 1, null, 1, 2)) {
            DeepFool deepFool = new DeepFool(start.oracle(), norm, 0.02, 10);
            for (int i = 0; i < 5; i++) {
                Batch image = start.images().batch(i);
                int grade = start.images().clean(0, image.place(0)).grade();
                float[] least = deepFool.least(0, image, grade, new float[SmallWorld.SIZE])
                        .orElseThrow();
                double[] expected = closedForm(image, grade, norm);
                for (int k = 0; k < SmallWorld.SIZE; k++) {
                    assertThat((double) least[k]).isCloseTo(1.02 * expected[k], within(1e-6));
                }
            }
        }
    }

    private static double[] closedForm(Batch image, int grade, Norm norm) {
        double[] least = new double[SmallWorld.SIZE];
        double shortest = Double.POSITIVE_INFINITY;
        for (int other = 0; other < 5; other++) {
            double lead = 0;
            double square = 0;
            double sum = 0;
            for (int k = 0; k < SmallWorld.SIZE; k++) {
                double weight = SmallWorld.affineWeight(other, k) - SmallWorld.affineWeight(grade, k);
                double pixel = (image.images().pixels()[image.rows()[0] * SmallWorld.SIZE + k] & 0xff) / 255.0;
                lead -= weight * (pixel - 0.5);
                square += weight * weight;
                sum += Math.abs(weight);
            }
            double distance = norm == Norm.L2 ? lead / Math.sqrt(square) : lead / sum;
            if (other != grade && distance < shortest) {
                shortest = distance;
                for (int k = 0; k < SmallWorld.SIZE; k++) {
                    double weight = SmallWorld.affineWeight(other, k) - SmallWorld.affineWeight(grade, k);
                    least[k] = norm == Norm.L2 ? lead * weight / square : lead * Math.signum(weight) / sum;
                }
            }
        }
        return least;
    }

    /**
     * PyTorch: {@code torch.optim.Adam(lr=0.1275·0.05)} on the margin clamped at −0.3, batches of five, twelve steps.
     */
    @Test
    void dominantFeatureIsAdamOnTheClampedMargin() {
        try (SmallWorld.Start start = world.start(
                "df-uap", "layered", Norm.LINF, EPSILON, null, 5, 0.1275, "confidence=0.3", "last-step=1")) {
            assertDelta(start, start.after(12), 15, 0.420096, 0.004221, -0.028005, 0.030161, -0.05);
        }
    }

    /** PyTorch, as above, for grade 2. */
    @Test
    void dominantFeatureAimsAtAGrade() {
        try (SmallWorld.Start start =
                world.start("df-uap", "layered", Norm.LINF, EPSILON, 2, 5, 0.1275, "confidence=0.3", "last-step=1")) {
            assertDelta(start, start.after(12), 14, -0.875, -0.05, 0.05, -0.05, -0.05);
        }
    }

    /** PyTorch: Adam as above on {@code F.cosine_similarity}, from our start. */
    @Test
    void cosineIsAdamOnTheCosine() {
        try (SmallWorld.Start start =
                world.start("cosine-uap", "layered", Norm.LINF, EPSILON, null, 5, 0.1275, "last-step=1")) {
            float[] delta = start.after(12);
            // each image's clean logits once, and three passes of gradients
            assertThat(start.oracle().evaluations()).isEqualTo(4 * SmallWorld.IMAGES);
            assertDelta(start, delta, 10, -0.690186, -0.05, 0.05, -0.05, 0.05);
        }
    }

    /** PyTorch: three outer steps of four inner ones, five images each, on the cross-entropy clamped at 9. */
    @Test
    void aggregationSumsTheSlopesOfInnerSteps() {
        try (SmallWorld.Start start =
                world.start("sga", "layered", Norm.LINF, EPSILON, null, 20, 0.2, "small=5", "inner=4", "last-step=1")) {
            assertDelta(start, start.after(3), 8, 0.390996, 0.03, 0.03, 0.03, -0.03);
        }
    }

    @Test
    void aggregationOfOneBatchIsASignGradientStep() {
        try (SmallWorld.Start start = world.start(
                "sga", "layered", Norm.LINF, EPSILON, null, 20, 0.2, "small=20", "inner=1", "last-step=1")) {
            float[] delta = start.after(1);
            Batch batch = start.images().batch(0);
            Oracle.Slope slope = start.oracle()
                    .slope(ProjectedGradient.question(start.problem(), batch), batch, new float[SmallWorld.SIZE]);
            for (int k = 0; k < delta.length; k++) {
                assertThat(delta[k]).isEqualTo((float) (0.2 * EPSILON * Math.signum(slope.gradient()[k])));
            }
        }
    }

    /** numpy: the power method on the stacked Jacobians of the hidden layer, from our start. */
    @Test
    void singularVectorIsThatOfTheStackedJacobians() {
        try (SmallWorld.Start start =
                world.start("sv-uap", "layered", Norm.LINF, EPSILON, null, 20, 1, "layer=0", "images=20")) {
            Attack.Run run = start.run();
            List<Double> responses = new ArrayList<>();
            for (int turn = 0; turn < 3; turn++) {
                responses.add(run.turn(turn).loss() / SmallWorld.IMAGES);
            }
            assertThat(responses.get(0)).isCloseTo(0.380422, within(1e-5));
            assertThat(responses.get(1)).isCloseTo(1.757784, within(1e-5));
            assertThat(responses.get(2)).isCloseTo(1.757784, within(1e-5));
            assertDelta(start, run.delta(), 7, 0.012732, 0.05, 0.05, 0.05, -0.05);
        }
    }

    /**
     * {@code numpy.linalg.svd} of the stacked Jacobians: {@code 0.3·σ₁/√20} is 0.867242; it stops within 0.1 % a step.
     */
    @Test
    void inL2TheSingularVectorIsTheFirstOfTheStackedJacobians() {
        try (SmallWorld.Start start =
                world.start("sv-uap", "layered", Norm.L2, 0.3, null, 20, 1, "layer=0", "images=20", "q=2")) {
            Attack.Run run = start.run();
            double response = 0;
            for (int turn = 0; turn < 100 && !run.done(); turn++) {
                response = Math.max(response, run.turn(turn).loss() / SmallWorld.IMAGES);
            }
            assertThat(run.done()).isTrue();
            assertThat(response).isBetween(0.97 * 0.867242, 1.00001 * 0.867242);
        }
    }

    private void assertDelta(
            SmallWorld.Start start,
            float[] delta,
            int fooled,
            double weighted,
            double first,
            double second,
            double third,
            double fourth) {
        double sum = 0;
        for (int k = 0; k < delta.length; k++) {
            sum += delta[k] * Math.sin(k);
        }
        assertThat((double) delta[0]).isCloseTo(first, within(2e-5));
        assertThat((double) delta[1]).isCloseTo(second, within(2e-5));
        assertThat((double) delta[2]).isCloseTo(third, within(2e-5));
        assertThat((double) delta[3]).isCloseTo(fourth, within(2e-5));
        assertThat(sum).isCloseTo(weighted, within(2e-4));
        assertThat(fooled(start, delta)).isEqualTo(fooled);
    }

    private static int fooled(SmallWorld.Start start, float[] delta) {
        // 8 bits would round small δ away: the float logits decide, as in the other implementations
        DeepFool looking = new DeepFool(start.oracle(), Norm.L2, 0, 1);
        Batch all = start.images().sample(SmallWorld.IMAGES, 0);
        int[] grades = looking.look(0, all, delta).grades();
        int fooled = 0;
        for (int i = 0; i < all.size(); i++) {
            fooled += grades[i] == start.images().clean(0, all.place(i)).grade() ? 0 : 1;
        }
        return fooled;
    }
}
