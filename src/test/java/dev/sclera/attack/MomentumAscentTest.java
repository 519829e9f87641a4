package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MomentumAscentTest {

    /** On a linear objective the best δ in L∞ is epsilon times the sign of the slope, in L2 epsilon along it. */
    @ParameterizedTest
    @EnumSource(names = {"LINF", "L2"})
    void findsTheMaximumOfALinearObjective(Norm norm) {
        float[] slope = Problems.slope(3);
        Ascent ascent = climbed(norm, 0.5, 50, ignored -> slope.clone());
        double length = Ball.euclidean(slope);
        for (int i = 0; i < slope.length; i++) {
            double best = norm == Norm.LINF ? 0.5 * Math.signum(slope[i]) : 0.5 * slope[i] / length;
            assertThat((double) ascent.delta()[i]).isCloseTo(best, within(1e-5));
        }
    }

    /** In L1 no δ does better than epsilon at the largest slope; one that is shared among the largest comes close. */
    @Test
    void comesCloseToTheMaximumOfALinearObjectiveInL1() {
        float[] slope = Problems.slope(3);
        Ascent ascent = climbed(Norm.L1, 0.5, 50, ignored -> slope.clone());
        double gain = 0;
        double largest = 0;
        for (int i = 0; i < slope.length; i++) {
            gain += ascent.delta()[i] * slope[i];
            largest = Math.max(largest, Math.abs(slope[i]));
        }
        assertThat(gain).isBetween(0.97 * 0.5 * largest, 0.5 * largest + 1e-6);
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void neverLeavesTheBall(Norm norm) {
        Ball ball = new Ball(norm, 0.25);
        MomentumAscent ascent = ascent(norm, 0.25);
        for (int step = 0; step < 30; step++) {
            ascent.step(Problems.slope(step), step / 30.0);
            assertThat(ball.norm(ascent.delta())).isLessThanOrEqualTo(0.25 + 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void goesOnFromItsSavedStateAsIfItHadNotStopped(Norm norm) {
        Ascent whole = climbed(norm, 0.25, 20, Problems::slope);
        Ascent half = ascent(norm, 0.25);
        for (int step = 0; step < 11; step++) {
            half.step(Problems.slope(step), step / 20.0);
        }
        Ascent rest = ascent(norm, 0.25);
        rest.restore(half.save());
        for (int step = 11; step < 20; step++) {
            rest.step(Problems.slope(step), step / 20.0);
        }
        assertThat(rest.delta()).containsExactly(whole.delta());
    }

    @Test
    void aFlatBatchDoesNotStopIt() {
        MomentumAscent ascent = ascent(Norm.LINF, 0.5);
        ascent.step(new float[Problems.SIZE], 0);
        assertThat(ascent.delta()).containsOnly(0f);
        ascent.step(Problems.slope(1), 0.5);
        assertThat(new Ball(Norm.LINF, 1).norm(ascent.delta())).isGreaterThan(0);
    }

    private interface Slopes {
        float[] at(int step);
    }

    private static Ascent climbed(Norm norm, double epsilon, int steps, Slopes slopes) {
        MomentumAscent ascent = ascent(norm, epsilon);
        for (int step = 0; step < steps; step++) {
            ascent.step(slopes.at(step), step / (double) steps);
        }
        return ascent;
    }

    private static MomentumAscent ascent(Norm norm, double epsilon) {
        return new MomentumAscent(Problems.of(norm, epsilon));
    }
}
