package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdamAscentTest {

    private static final int STEPS = 7;

    /**
     * PyTorch 2.13, {@code torch.optim.Adam([δ], lr=0.01, maximize=True)} in float64, seven steps of slopes
     * {@code sin(0.3 + 0.7·i + 1.1·t)}, with {@code LambdaLR(1 − (1 − last)·t/7)}.
     */
    @ParameterizedTest
    @CsvSource({
        "1.0, 0.0323987366, -0.0314183101, 0.0082864809, 0.0875977878",
        "0.1, 0.0274749153, -0.0266913140, 0.0088303546, 0.0763364681"
    })
    void goesAsPyTorchsAdamDoes(double last, double first, double fifth, double later, double weighted) {
        AdamAscent ascent = new AdamAscent(Problems.of(Norm.LINF, 10).withStep(0.001), last);
        for (int step = 0; step < STEPS; step++) {
            ascent.step(waves(step), step / (double) STEPS);
        }
        float[] delta = ascent.delta();
        double sum = 0;
        for (int i = 0; i < delta.length; i++) {
            sum += delta[i] * Math.sin(i);
        }
        assertThat((double) delta[0]).isCloseTo(first, within(1e-7));
        assertThat((double) delta[5]).isCloseTo(fifth, within(1e-7));
        assertThat((double) delta[299]).isCloseTo(later, within(1e-7));
        assertThat(sum).isCloseTo(weighted, within(1e-6));
    }

    /** Adam's first step has the learning rate's magnitude everywhere, so its norm is the step's share of epsilon. */
    @ParameterizedTest
    @EnumSource(Norm.class)
    void itsFirstStepIsTheStepsShareOfEpsilonInEveryNorm(Norm norm) {
        AdamAscent ascent = new AdamAscent(Problems.of(norm, 0.25), 1);
        ascent.step(Problems.slope(3), 0);
        assertThat(new Ball(norm, 1).norm(ascent.delta())).isCloseTo(0.1 * 0.25, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void neverLeavesTheBallAndGoesOnFromItsSavedState(Norm norm) {
        AdamAscent whole = new AdamAscent(Problems.of(norm, 0.25), 0.1);
        AdamAscent resumed = new AdamAscent(Problems.of(norm, 0.25), 0.1);
        for (int step = 0; step < 30; step++) {
            whole.step(Problems.slope(step % 3), step / 30.0);
            assertThat(new Ball(norm, 1).norm(whole.delta())).isLessThanOrEqualTo(0.25 + 1e-6);
            if (step == 12) {
                resumed.restore(whole.save());
            } else if (step > 12) {
                resumed.step(Problems.slope(step % 3), step / 30.0);
            }
        }
        assertThat(resumed.delta()).containsExactly(whole.delta());
    }

    @Test
    void shrinkingKeepsTheDirection() {
        AdamAscent ascent = new AdamAscent(Problems.of(Norm.LINF, 0.25), 1);
        ascent.step(Problems.slope(1), 0);
        float[] before = ascent.delta().clone();
        ascent.shrink(0.5);
        for (int i = 0; i < before.length; i++) {
            assertThat(ascent.delta()[i]).isEqualTo(before[i] * 0.5f);
        }
    }

    private static float[] waves(int step) {
        float[] slope = new float[Problems.SIZE];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = (float) Math.sin(0.3 + 0.7 * i + 1.1 * step);
        }
        return slope;
    }
}
