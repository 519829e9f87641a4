package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NoisePatternTest {

    /**
     * Figures of an implementation in numpy that sums the four corners' slopes, each weighted by the fade curves of
     * both axes; permutation {@code (167·i + 41) mod 256}.
     */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5, 0.375, 0.21428571428571427",
        "1.25, 3.75, -0.16255760192871094, -0.05717577253069196",
        "-0.3, 10.1, -0.027076842240000575, -0.21828272054857178",
        "300.6, 7.2, -0.023981875199977732, -0.10013553225142549"
    })
    void perlinNoiseIsThatOfAnotherImplementation(double x, double y, double one, double three) {
        PerlinNoise noise = new PerlinNoise(permutation());
        assertThat(noise.at(x, y)).isCloseTo(one, within(1e-12));
        assertThat(noise.octaves(x, y, 3)).isCloseTo(three, within(1e-12));
    }

    @Test
    void perlinNoiseIsNothingOnItsLattice() {
        PerlinNoise noise = new PerlinNoise(permutation());
        for (int x = -3; x < 4; x++) {
            for (int y = 250; y < 260; y++) {
                assertThat(noise.at(x, y)).isZero();
            }
        }
    }

    /** The kernel's formula, evaluated by Python's math module. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0.1, 0.2, 0.3, 1.0",
        "3, -2, 0.1, 0.2, 0.3, -0.6383079304491812",
        "1.5, 4, 0.05, 0.1, 2.0, -0.2744582046290412"
    })
    void gaborKernelIsAWaveUnderAGaussian(
            double x, double y, double bandwidth, double frequency, double direction, double expected) {
        assertThat(GaborNoise.kernel(x, y, bandwidth, frequency, direction)).isCloseTo(expected, within(1e-14));
    }

    @Test
    void gaborKernelIsDownToFivePercentAtItsRadius() {
        assertThat(GaborNoise.kernel(0, 7, GaborNoise.bandwidth(7), 0, 0)).isCloseTo(0.05, within(1e-12));
    }

    static List<NoisePattern> patterns() {
        return List.of(PerlinNoise.seeded(5), new GaborNoise(5));
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void fillsTheWholeImageAndChangesWithEveryParameter(NoisePattern pattern) {
        float[] point = {0.3f, 0.4f, 0.5f, 0.2f};
        float[] drawn = pattern.draw(point, 40, 60);
        for (int quarter = 0; quarter < 4; quarter++) {
            float[] part = Arrays.copyOfRange(drawn, quarter * 600, (quarter + 1) * 600);
            assertThat(new Ball(Norm.LINF, 1).norm(part)).isPositive();
        }
        for (int parameter = 0; parameter < pattern.parameters(); parameter++) {
            float[] other = point.clone();
            other[parameter] = 0.9f;
            assertThat(pattern.draw(other, 40, 60)).isNotEqualTo(drawn);
        }
    }

    private static int[] permutation() {
        int[] permutation = new int[256];
        for (int i = 0; i < 256; i++) {
            permutation[i] = (167 * i + 41) % 256;
        }
        return permutation;
    }
}
