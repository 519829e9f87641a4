package dev.sclera.ascent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BallTest {

    private static final double RADIUS = 0.3;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void projectionInLinfIsTheNearestPoint(long seed) {
        float[] delta = draw(seed, 100);
        float[] projected = delta.clone();
        new Ball(Norm.LINF, RADIUS).project(projected);
        for (int i = 0; i < delta.length; i++) {
            assertThat(projected[i]).isBetween((float) -RADIUS, (float) RADIUS);
            if (Math.abs(delta[i]) <= RADIUS) {
                assertThat(projected[i]).isEqualTo(delta[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void projectionInL2KeepsTheDirectionAndEndsOnTheSphere(long seed) {
        float[] delta = draw(seed, 100);
        float[] projected = delta.clone();
        new Ball(Norm.L2, RADIUS).project(projected);
        assertThat(Ball.euclidean(projected)).isCloseTo(RADIUS, within(1e-6));
        double ratio = projected[0] / delta[0];
        for (int i = 0; i < delta.length; i++) {
            assertThat((double) projected[i]).isCloseTo(ratio * delta[i], within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void projectionLeavesWhatIsInside(long seed) {
        float[] delta = draw(seed, 100);
        for (Norm norm : Norm.values()) {
            Ball.scale(delta, RADIUS / new Ball(norm, RADIUS).norm(delta) * 0.99);
            float[] projected = delta.clone();
            new Ball(norm, RADIUS).project(projected);
            assertThat(projected).containsExactly(delta);
        }
    }

    /**
     * The nearest point of the ball in L1 is the only one inside at which every value that is left was shortened by the
     * same amount, and no value that is gone was longer (the conditions of Karush, Kuhn and Tucker).
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void projectionInL1IsTheNearestPoint(long seed) {
        float[] delta = draw(seed, 100);
        float[] projected = delta.clone();
        Ball ball = new Ball(Norm.L1, 5);
        ball.project(projected);
        assertThat(ball.norm(projected)).isCloseTo(5, within(1e-5));
        double shortened = Double.NaN;
        for (int i = 0; i < delta.length; i++) {
            if (projected[i] != 0) {
                assertThat(Math.signum(projected[i])).isEqualTo(Math.signum(delta[i]));
                double by = Math.abs(delta[i]) - Math.abs(projected[i]);
                shortened = Double.isNaN(shortened) ? by : shortened;
                assertThat(by).isCloseTo(shortened, within(1e-6));
            }
        }
        for (int i = 0; i < delta.length; i++) {
            if (projected[i] == 0) {
                assertThat((double) Math.abs(delta[i])).isLessThanOrEqualTo(shortened + 1e-6);
            }
        }
    }

    /** Of all steps of one length in a norm, the steepest gains the dual norm of the slope. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void climbingGainsTheDualNormOfTheSlope(long seed) {
        float[] slope = draw(seed, 100);
        double length = 0.01;
        float[] linf = new float[100];
        new Ball(Norm.LINF, RADIUS).climb(linf, slope, length);
        double sum = 0;
        for (float value : slope) {
            sum += Math.abs(value);
        }
        assertThat(gain(linf, slope)).isCloseTo(length * sum, within(1e-6));
        float[] l2 = new float[100];
        new Ball(Norm.L2, RADIUS).climb(l2, slope, length);
        assertThat(gain(l2, slope)).isCloseTo(length * Ball.euclidean(slope), within(1e-6));
    }

    private static double gain(float[] step, float[] slope) {
        double gain = 0;
        for (int i = 0; i < step.length; i++) {
            gain += step[i] * slope[i];
        }
        return gain;
    }

    private static float[] draw(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }

    @Test
    void fillingMovesEveryValueToTheEdgeInLInfAndScalesInOtherNorms() {
        float[] corner = {0.01f, -0.02f, 0, 0.1f};
        new Ball(Norm.LINF, 0.1).fill(corner);
        assertThat(corner).containsExactly(0.1f, -0.1f, 0, 0.1f);
        float[] scaled = {0.3f, -0.4f};
        new Ball(Norm.L2, 1).fill(scaled);
        assertThat(scaled).containsExactly(0.6f, -0.8f);
    }
}
