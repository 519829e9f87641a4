package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest {

    @Test
    void theStochasticAverageIsTheMeanOverTheLaterEpochs() {
        WeightAverage average = new WeightAverage(new Averaging(Averaging.Kind.SWA, 0.99, 0.5), 4, Map.of(), 0);
        assertThat(average.followsSteps()).isFalse();
        for (int epoch = 1; epoch <= 4; epoch++) {
            average.epochEnded(epoch, weight(epoch * epoch));
            float expected = epoch <= 2 ? epoch * epoch : epoch == 3 ? 9 : (9 + 16) / 2f;
            assertThat(value(average.or(weight(epoch * epoch)))).isEqualTo(expected);
        }
    }

    @Test
    void theMovingAverageForgetsAtItsDecayOnceItHasBegun() {
        WeightAverage average = new WeightAverage(new Averaging(Averaging.Kind.EMA, 0.2, 0.5), 4, Map.of(), 0);
        double expected = 0;
        for (int step = 0; step < 12; step++) {
            average.stepEnded(weight(step + 3));
            double decay = step == 0 ? 0 : Math.min(0.2, (1.0 + step) / (10 + step));
            expected = decay * expected + (1 - decay) * (step + 3);
            assertThat(value(average.or(weight(0)))).isCloseTo((float) expected, within(1e-5f));
        }
        average.epochEnded(1, weight(1000));
        assertThat(value(average.or(weight(0)))).isCloseTo((float) expected, within(1e-5f));
    }

    @Test
    void withoutAnAverageTheWeightsAreTheLast() {
        WeightAverage average = new WeightAverage(Averaging.NONE, 4, Map.of(), 0);
        average.epochEnded(4, weight(1));
        assertThat(value(average.or(weight(7)))).isEqualTo(7);
    }

    private static Map<String, float[]> weight(float value) {
        return Map.of("w", new float[] {value});
    }

    private static float value(Map<String, float[]> weights) {
        return weights.get("w")[0];
    }
}
