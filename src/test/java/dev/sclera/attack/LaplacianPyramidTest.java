package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaplacianPyramidTest {

    @ParameterizedTest
    @CsvSource({"16, 16, 2", "15, 22, 3", "3, 2, 2", "1, 5, 1"})
    void bandsPutTogetherAsTheyAreAreTheSlope(int height, int width, int levels) {
        float[] slope = random(height * width * 3);
        float[] together = new LaplacianPyramid(levels, false).of(slope, height, width);
        for (int i = 0; i < slope.length; i++) {
            assertThat(together[i]).isCloseTo(slope[i], within(1e-5f));
        }
    }

    /**
     * PyTorch 2.13: {@code conv2d(x, k, stride=2, padding=2, groups=3)} and four times {@code conv_transpose2d} of it
     * with the outer product of 1 4 6 4 1 over 256, two octaves, each band over its root mean square; at 8×6 of
     * {@code sin(0.3 + 0.7·i²)}.
     */
    @Test
    void bandsAreEvenedOutAsPyTorchDoes() {
        int height = 8;
        int width = 6;
        float[] slope = new float[height * width * 3];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = (float) Math.sin(0.3 + 0.7 * i * i);
        }
        float[] evened = new LaplacianPyramid(2).of(slope, height, width);
        double weighted = 0;
        for (int i = 0; i < evened.length; i++) {
            weighted += evened[i] * Math.sin(i);
        }
        assertThat(evened[0]).isCloseTo(1.900528f, within(2e-5f));
        assertThat(evened[50]).isCloseTo(-0.701996f, within(2e-5f));
        assertThat(evened[143]).isCloseTo(1.520161f, within(2e-5f));
        assertThat(weighted).isCloseTo(-8.001897, within(2e-4));
    }

    @Test
    void aFlatSlopeStaysFlat() {
        assertThat(new LaplacianPyramid(2).of(new float[300], 10, 10)).containsOnly(0f);
    }

    private static float[] random(int size) {
        SplittableRandom random = new SplittableRandom(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
