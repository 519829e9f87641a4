package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Norm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlackBoxTest {

    private SmallWorld world;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        world = new SmallWorld(folder);
    }

    @AfterAll
    void close() {
        world.close();
    }

    /**
     * Where a classifier's only moving logit is linear in the pixels, a move along a wave raises it exactly where the
     * product of the weights and the wave is above 0. So after one go through all waves, without the ball in the way, δ
     * is their sum with the signs of these products, each as long as the step.
     */
    @Test
    void uSimbaTakesTheBestSignOfEveryWaveOfALinearClassifier() {
        double step = 0.15;
        double epsilon = 2;
        try (SmallWorld.Start start =
                world.start("u-simba", "lone", Norm.L2, epsilon, SmallWorld.LONE, 8, step, "band=0.25", "images=20")) {
            CosineBasis basis = new CosineBasis(SmallWorld.SIDE, SmallWorld.SIDE, 2, 2);
            float[] expected = new float[SmallWorld.SIZE];
            for (int direction = 0; direction < basis.count(); direction++) {
                float[] wave = new float[SmallWorld.SIZE];
                basis.add(direction, 1, wave);
                basis.add(direction, Math.signum(rise(wave)) * step * epsilon, expected);
            }
            float[] delta = start.after(basis.count());
            for (int k = 0; k < delta.length; k++) {
                assertThat(delta[k]).isCloseTo(expected[k], within(1e-5f));
            }
        }
    }

    /** The sides that the authors' schedule gives for 10,000 queries of 224×224 pixels with p = 0.05. */
    @ParameterizedTest
    @CsvSource({
        "0, 50",
        "0.001, 50",
        "0.002, 35",
        "0.01, 25",
        "0.03, 18",
        "0.07, 13",
        "0.15, 9",
        "0.3, 6",
        "0.5, 4",
        "0.7, 3",
        "0.9, 2"
    })
    void squaresBecomeSmallerAsQueriesAreSpent(double spent, int side) {
        assertThat(SquareAttack.side(0.05, spent, 224, 224)).isEqualTo(side);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 5, 9, 5", "0.001, 1, 8, 8, 1"})
    void aSquareIsWithinTheImage(double area, double spent, int height, int width, int side) {
        assertThat(SquareAttack.side(area, spent, height, width)).isEqualTo(side);
    }

    /**
     * Where a classifier's only moving logit is linear in the pixels, no δ does more than the one with the signs of the
     * weights.
     */
    @ParameterizedTest
    @EnumSource(Norm.class)
    void squaresFindTheSignsOfALinearClassifierAtTheEdgeOfTheBall(Norm norm) {
        double epsilon = norm == Norm.LINF ? 0.1 : norm == Norm.L2 ? 1 : 15;
        try (SmallWorld.Start start = world.start(
                "square", "lone", norm, epsilon, SmallWorld.LONE, 8, 1, "area=0.02", "images=1", "goal=wrong")) {
            float[] signs = new float[SmallWorld.SIZE];
            for (int k = 0; k < signs.length; k++) {
                signs[k] = (float) Math.signum(SmallWorld.affineWeight(SmallWorld.LONE, k));
            }
            start.problem().ball().extend(signs);
            float[] delta = start.after(3000);
            assertThat(start.problem().ball().norm(delta)).isCloseTo(epsilon, within(1e-5 * epsilon));
            assertThat(rise(delta)).isGreaterThan(0.98 * rise(signs));
        }
    }

    private static double rise(float[] delta) {
        double rise = 0;
        for (int k = 0; k < delta.length; k++) {
            rise += SmallWorld.affineWeight(SmallWorld.LONE, k) * delta[k];
        }
        return rise;
    }

    /** The softmax of affine logits of the pixels in 8 bits, in float64. */
    @ParameterizedTest
    @NullSource
    @ValueSource(ints = {0, 3})
    void aPanelTellsTheMeanProbabilityOfWhatAnAttackWants(@Nullable Integer target) {
        try (SmallWorld.Start start = world.start("u-simba", "affine", Norm.LINF, 0.1, target, 8, 0.5, "images=20")) {
            Panel panel = new Panel(start.problem(), start.oracle(), start.images());
            Batch sample = start.images().sample(20, 0);
            float[] delta = new float[SmallWorld.SIZE];
            assertThat(panel.size()).isEqualTo(20);
            assertThat((double) panel.clean().score()).isCloseTo(score(sample, target, delta), within(1e-5));
            for (int k = 0; k < delta.length; k++) {
                delta[k] = 0.1f * (float) Math.sin(k);
            }
            Panel.Answer answer = panel.ask(delta);
            assertThat((double) answer.score()).isCloseTo(score(sample, target, delta), within(1e-5));
            assertThat(answer.fooled()).isEqualTo((float) fooled(sample, delta));
            assertThat(start.oracle().evaluations()).isEqualTo(20);
        }
    }

    @Test
    void squaresBeginWithStripesAndDriveAnswersAwayFromTheRightGrades() {
        try (SmallWorld.Start start = world.start("square", "affine", Norm.LINF, 0.1, null, 8, 1, "images=20")) {
            float[] stripes = start.after(1).clone();
            for (int k = 3 * SmallWorld.SIDE; k < stripes.length; k++) {
                assertThat(stripes[k]).isEqualTo(stripes[k - 3 * SmallWorld.SIDE]);
            }
            float[] delta = start.after(200);
            Panel panel = new Panel(start.problem(), start.oracle(), start.images(), Panel.Goal.FAR);
            assertThat(panel.ask(delta).score())
                    .isGreaterThan(panel.ask(stripes).score())
                    .isGreaterThan(panel.clean().score());
            assertThat(delta).containsOnly(0.1f, -0.1f);
        }
    }

    /** The expected squared distance of five grades, whose largest is 16. */
    @Test
    void aPanelTellsHowFarAnswersAreFromTheRightGrades() {
        try (SmallWorld.Start start = world.start("square", "affine", Norm.LINF, 0.1, null, 8, 1, "images=20")) {
            Panel panel = new Panel(start.problem(), start.oracle(), start.images(), Panel.Goal.FAR);
            Batch sample = start.images().sample(20, 0);
            double sum = 0;
            for (int i = 0; i < sample.size(); i++) {
                double[] probabilities = probabilities(sample, i, new float[SmallWorld.SIZE]);
                for (int grade = 0; grade < 5; grade++) {
                    sum += probabilities[grade] * Math.pow(grade - sample.truths()[i], 2) / 16;
                }
            }
            assertThat((double) panel.clean().score()).isCloseTo(sum / 20, within(1e-5));
            assertThat(panel.ask(new float[SmallWorld.SIZE]).score())
                    .isCloseTo(panel.clean().score(), within(1e-5f));
        }
    }

    /** A small budget makes the sample small enough for twenty queries. */
    @ParameterizedTest
    @CsvSource({"100, 5", "19, 1", "100000, 12"})
    void aPanelIsAsLargeAsTheBudgetAllows(long allowance, int size) {
        try (SmallWorld.Start start = world.start("u-simba", "affine", Norm.LINF, 0.1, null, 8, 0.5, "images=12")) {
            Problem whole = start.problem();
            Problem problem = new Problem(
                    8, 8, whole.norm(), whole.epsilon(), null, 8, 0.5, allowance, whole.options(), whole.seed());
            // as if all but two queries' worth were spent
            start.oracle().resume(start.oracle().left() - 2L * size, 0);
            Panel panel = new Panel(problem, start.oracle(), start.images());
            assertThat(panel.size()).isEqualTo(size);
            assertThat(panel.canAsk()).isTrue();
            panel.ask(new float[SmallWorld.SIZE]);
            assertThat(panel.canAsk()).isTrue();
            panel.ask(new float[SmallWorld.SIZE]);
            assertThat(panel.canAsk()).isFalse();
        }
    }

    private static double score(Batch sample, @Nullable Integer target, float[] delta) {
        double sum = 0;
        for (int i = 0; i < sample.size(); i++) {
            double[] probabilities = probabilities(sample, i, delta);
            sum += target == null ? 1 - probabilities[sample.truths()[i]] : probabilities[target];
        }
        return sum / sample.size();
    }

    private static double fooled(Batch sample, float[] delta) {
        int fooled = 0;
        for (int i = 0; i < sample.size(); i++) {
            fooled += largest(probabilities(sample, i, delta)) == largest(probabilities(sample, i, new float[192]))
                    ? 0
                    : 1;
        }
        return fooled;
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }

    private static double[] probabilities(Batch sample, int i, float[] delta) {
        double[] probabilities = new double[5];
        for (int grade = 0; grade < 5; grade++) {
            double logit = 0;
            for (int k = 0; k < SmallWorld.SIZE; k++) {
                int pixel = sample.images().pixels()[sample.rows()[i] * SmallWorld.SIZE + k] & 0xff;
                double seen = Math.round(255 * Math.max(0, Math.min(1, pixel / 255f + delta[k]))) / 255.0;
                logit += SmallWorld.affineWeight(grade, k) * (seen - 0.5);
            }
            probabilities[grade] = Math.exp(logit);
        }
        double sum = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(value -> value / sum).toArray();
    }
}
