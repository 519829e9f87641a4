package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuartersTest {

    /**
     * Quarters of 2×2 in an image of 3×3: only the upper left is whole. Channels are 0, 100 and 200 above the first.
     */
    @Test
    void eachPlaceIsTheMeanOfThoseQuartersThatHaveIt() {
        float[] slope = channels(1, 2, 3, 4, 5, 6, 7, 8, 9);
        float[] unchanged = slope.clone();

        float[] mean = new Quarters(3, 3).mean(slope);

        float corner = (1 + 3 + 7 + 9) / 4f;
        float above = (2 + 8) / 2f;
        float beside = (4 + 6) / 2f;
        assertThat(mean).isEqualTo(channels(corner, above, corner, beside, 5, beside, corner, above, corner));
        assertThat(slope).isEqualTo(unchanged);
    }

    private static float[] channels(float... firsts) {
        float[] values = new float[3 * firsts.length];
        for (int i = 0; i < firsts.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                values[3 * i + channel] = firsts[i] + 100 * channel;
            }
        }
        return values;
    }

    /** A projection: what is left out is at right angles to all that repeats itself, and what repeats itself stays. */
    @ParameterizedTest
    @CsvSource({"8, 6", "7, 5", "1, 4", "1, 1", "2, 3"})
    void whatIsLeftOutHasNothingInCommonWithWhatRepeats(int height, int width) {
        SplittableRandom random = new SplittableRandom(height * 31L + width);
        Quarters quarters = new Quarters(height, width);
        float[] slope = random(random, height * width * 3);
        float[] mean = quarters.mean(slope);
        float[] repeating = quarters.mean(random(random, slope.length));
        double common = 0;
        for (int i = 0; i < slope.length; i++) {
            common += (double) (slope[i] - mean[i]) * repeating[i];
        }
        assertThat(common).isCloseTo(0, within(1e-4));
        float[] again = quarters.mean(mean);
        for (int i = 0; i < mean.length; i++) {
            assertThat(again[i]).isCloseTo(mean[i], within(1e-6f));
        }
    }

    private static float[] random(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
