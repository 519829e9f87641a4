package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.problem.InvalidValueException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AttacksTest {

    private static final int SIZE = 300;

    @Test
    void anUnknownAttackIsAnsweredWithThoseThereAre() {
        assertThatThrownBy(() -> Attacks.named("pdg"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"pdg\"")
                .hasMessageContaining("pgd, random");
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void randomNoiseHasExactlyTheNormOfTheBound(Norm norm) {
        double epsilon = norm == Norm.LINF ? 8 / 255.0 : 3;
        float[] noise =
                Attacks.named("random").start(problem(norm, epsilon), null).delta();
        if (norm == Norm.LINF) {
            for (float value : noise) {
                assertThat(Math.abs(value)).isEqualTo((float) epsilon);
            }
        } else {
            assertThat(Ball.euclidean(noise)).isCloseTo(epsilon, within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void randomNoiseIsDeterminedByItsSeed(Norm norm) {
        Attack random = Attacks.named("random");
        float[] first = random.start(problem(norm, 0.1), null).delta();
        float[] again = random.start(problem(norm, 0.1), null).delta();
        float[] other =
                random.start(new Attack.Problem(SIZE, norm, 0.1, 1, 8), null).delta();
        assertThat(again).containsExactly(first);
        assertThat(Arrays.equals(first, other)).isFalse();
    }

    /** On a linear objective the best δ in L∞ is epsilon times the sign of the slope, in L2 epsilon along it. */
    @ParameterizedTest
    @EnumSource(Norm.class)
    void pgdFindsTheMaximumOfALinearObjective(Norm norm) {
        float[] slope = slope(3);
        Attack.Ascent ascent = Attacks.named("pgd").start(problem(norm, 0.5), null);
        for (int step = 0; step < 50; step++) {
            ascent.step(slope.clone(), step / 50.0);
        }
        double length = Ball.euclidean(slope);
        for (int i = 0; i < SIZE; i++) {
            double best = norm == Norm.LINF ? 0.5 * Math.signum(slope[i]) : 0.5 * slope[i] / length;
            assertThat((double) ascent.delta()[i]).isCloseTo(best, within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void pgdNeverLeavesTheBall(Norm norm) {
        Attack.Ascent ascent = Attacks.named("pgd").start(problem(norm, 0.25), null);
        for (int step = 0; step < 30; step++) {
            ascent.step(slope(step), step / 30.0);
            double size = norm == Norm.L2 ? Ball.euclidean(ascent.delta()) : largest(ascent.delta());
            assertThat(size).isLessThanOrEqualTo(0.25 + 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void pgdGoesOnFromItsSavedStateAsIfItHadNotStopped(Norm norm) {
        Attack.Ascent whole = run(norm, 0, 20, null);
        Attack.Ascent half = run(norm, 0, 11, null);
        Attack.Ascent rest = run(norm, 11, 20, half.save());
        assertThat(rest.delta()).containsExactly(whole.delta());
    }

    @Test
    void aFlatBatchDoesNotStopPgd() {
        Attack.Ascent ascent = Attacks.named("pgd").start(problem(Norm.LINF, 0.5), null);
        ascent.step(new float[SIZE], 0);
        assertThat(ascent.delta()).containsOnly(0f);
        ascent.step(slope(1), 0.5);
        assertThat(largest(ascent.delta())).isGreaterThan(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    LINF | 0   | 3 | 32 | 0.1 | epsilon
                    LINF | -1  | 3 | 32 | 0.1 | epsilon
                    LINF | 2   | 3 | 32 | 0.1 | epsilon
                    LINF | NaN | 3 | 32 | 0.1 | epsilon
                    L2   | 0   | 3 | 32 | 0.1 | epsilon
                    L2   | NaN | 3 | 32 | 0.1 | epsilon
                    LINF | 0.1 | 0 | 32 | 0.1 | passes
                    LINF | 0.1 | 3 | 0  | 0.1 | batch
                    LINF | 0.1 | 3 | 32 | 0   | step
                    LINF | 0.1 | 3 | 32 | NaN | step
                    """)
    void aValueOutOfRangeIsNamedWithWhatIsAllowed(
            Norm norm, double epsilon, int passes, int batch, double step, String field) {
        CraftSpec spec = new CraftSpec("pgd", "m", "d", norm, epsilon, null, passes, batch, step, 1);
        assertThatThrownBy(spec::check)
                .isInstanceOfSatisfying(
                        InvalidValueException.class, e -> assertThat(e.field()).contains(field))
                .hasMessageContaining("Allowed:");
    }

    @Test
    void aWhiteBoxAttackAsksForAModelAndAControlDoesNot() {
        CraftSpec pgd = new CraftSpec("pgd", null, "d", Norm.LINF, 0.1, null, 1, 1, null, 1);
        assertThatThrownBy(pgd::check).hasMessageContaining("\"model\"");
        new CraftSpec("random", null, "d", Norm.LINF, 0.1, null, 1, 1, null, 1).check();
    }

    private static Attack.Ascent run(Norm norm, int from, int to, float @Nullable [] saved) {
        Attack.Ascent ascent = Attacks.named("pgd").start(problem(norm, 0.25), saved);
        for (int step = from; step < to; step++) {
            ascent.step(slope(step), step / 20.0);
        }
        return ascent;
    }

    private static Attack.Problem problem(Norm norm, double epsilon) {
        return new Attack.Problem(SIZE, norm, epsilon, 0.1, 7);
    }

    private static float[] slope(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] slope = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            slope[i] = (float) (2 * random.nextDouble() - 1);
        }
        return slope;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
