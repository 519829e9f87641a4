package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrumTest {

    /** By {@code numpy.fft.fft2} of NumPy 2 in double precision: sizes with and without small factors. */
    @ParameterizedTest
    @CsvSource({
        "12, 10, 0.00969076140270228, 0.03916962842675751, 0.1924785131834405, 0.920437419, 0.900104386, 0.900050525",
        "15, 21, 0.0064627673679373806, 0.045955614287843206, 0.21579106978717968, 0.971924339, 1.157274235, 0.914591309",
        "37, 16, 0.014633127542557078, 0.05095191157889107, 0.19089385518357893, 1.411788327, 0.966112442, 0.933483484"
    })
    void agreesWithNumpy(
            int height,
            int width,
            double eighth,
            double quarter,
            double half,
            double first,
            double second,
            double last) {
        float[] values = new float[height * width * 3];
        for (int i = 0; i < values.length; i++) {
            int y = i / 3 / width;
            int x = i / 3 % width;
            int c = i % 3;
            values[i] = ((y * 31 + x * 17 + c * 7) * (y + 2 * x + c + 1) % 41 - 20) / 1000f;
        }

        Spectrum spectrum = Spectrum.of(new Delta(height, width, values));

        assertThat(spectrum.eighth()).isCloseTo(eighth, within(1e-9));
        assertThat(spectrum.quarter()).isCloseTo(quarter, within(1e-9));
        assertThat(spectrum.half()).isCloseTo(half, within(1e-9));
        List<Double> radial = spectrum.radial();
        assertThat(radial).hasSize(Math.min(height, width) / 2);
        assertThat(radial.get(0)).isCloseTo(first, within(1e-8));
        assertThat(radial.get(1)).isCloseTo(second, within(1e-8));
        assertThat(radial.get(radial.size() - 1)).isCloseTo(last, within(1e-8));
    }

    /** cos(2πx/8) alone is a quarter of Nyquist. */
    @ParameterizedTest
    @ValueSource(ints = {16, 24, 224})
    void aWaveIsWhereItsFrequencyIs(int side) {
        float[] values = new float[side * side * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.cos(2 * Math.PI * (i / 3 % side) / 8) / 100;
        }

        Spectrum spectrum = Spectrum.of(new Delta(side, side, values));

        assertThat(spectrum.eighth()).isCloseTo(0, within(1e-9));
        assertThat(spectrum.quarter()).isCloseTo(1, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void nothingHasNoEnergy(int side) {
        Spectrum spectrum = Spectrum.of(new Delta(side, side, new float[side * side * 3]));

        assertThat(spectrum.half()).isZero();
        assertThat(spectrum.radial()).containsOnly(0.0);
    }
}
