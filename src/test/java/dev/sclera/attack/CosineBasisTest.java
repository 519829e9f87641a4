package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CosineBasisTest {

    /** {@code scipy.fft.idctn(unit, norm='ortho')} of scipy 1.x, 6×8, at (0,0), (2,5) and (5,7). */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0.144337567297, 0.144337567297, 0.144337567297",
        "1, 2, 0.257613430545, -0.028592048255, -0.257613430545",
        "3, 0, 0.144337567297, -0.144337567297, -0.144337567297"
    })
    void wavesAreThoseOfScipy(int down, int across, double first, double middle, double last) {
        CosineBasis basis = new CosineBasis(6, 8, 4, 3);
        for (int channel = 0; channel < 3; channel++) {
            float[] wave = new float[6 * 8 * 3];
            basis.add(3 * (3 * down + across) + channel, 1, wave);
            assertThat(wave[channel]).isCloseTo((float) first, within(1e-6f));
            assertThat(wave[(2 * 8 + 5) * 3 + channel]).isCloseTo((float) middle, within(1e-6f));
            assertThat(wave[(5 * 8 + 7) * 3 + channel]).isCloseTo((float) last, within(1e-6f));
            assertThat(wave[(channel + 1) % 3]).isZero();
        }
    }

    @Test
    void directionsAreOrthonormal() {
        CosineBasis basis = new CosineBasis(5, 7, 3, 4);
        assertThat(basis.count()).isEqualTo(36);
        for (int one = 0; one < basis.count(); one++) {
            for (int other = 0; other < basis.count(); other++) {
                assertThat(product(wave(basis, one), wave(basis, other))).isCloseTo(one == other ? 1 : 0, within(1e-6));
            }
        }
    }

    private static float[] wave(CosineBasis basis, int direction) {
        float[] wave = new float[5 * 7 * 3];
        basis.add(direction, 1, wave);
        return wave;
    }

    private static double product(float[] one, float[] other) {
        double product = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
        }
        return product;
    }
}
