package dev.sclera.dataset;

import dev.sclera.dataset.Fourier.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the energy of a perturbation is spread over spatial frequencies, the mean over its channels. Frequencies are
 * relative to the highest that pixels can hold along an axis, half a cycle per pixel (Nyquist); a flat tint is 0, and
 * diagonals go up to √2.
 *
 * @param radial the mean power in up to 32 rings of equal width from 0 to 1, in units of the mean power of all
 *     frequencies: 1 everywhere is white noise
 * @param eighth the share of the energy at frequencies up to 1/8
 * @param quarter the share up to 1/4
 * @param half the share up to 1/2
 */
public record Spectrum(List<Double> radial, double eighth, double quarter, double half) {

    private static final int MOST_RINGS = 32;

    /** Frequencies are fractions: what is meant to be 1/4 may be a bit more. */
    private static final double ROUNDING = 1e-9;

    public Spectrum {
        radial = List.copyOf(radial);
    }

    /** The spectrum of a δ; all zeros where δ is 0 everywhere. */
    public static Spectrum of(Delta delta) {
        double[] power = power(delta);
        double total = Arrays.stream(power).sum();
        int rings = Math.max(1, Math.min(MOST_RINGS, Math.min(delta.height(), delta.width()) / 2));
        double[] sums = new double[rings];
        int[] counts = new int[rings];
        double[] below = new double[3];
        for (int y = 0; y < delta.height(); y++) {
            for (int x = 0; x < delta.width(); x++) {
                double radius = Math.hypot(frequency(y, delta.height()), frequency(x, delta.width()));
                double here = total == 0 ? 0 : power[y * delta.width() + x] / total;
                if (radius <= 1 + ROUNDING) {
                    int ring = Math.min(rings - 1, (int) (radius * rings + ROUNDING));
                    sums[ring] += here * power.length;
                    counts[ring]++;
                }
                for (int i = 0; i < below.length; i++) {
                    below[i] += radius <= (1 << i) / 8.0 + ROUNDING ? here : 0;
                }
            }
        }
        List<Double> radial = IntStream.range(0, rings)
                .mapToObj(ring -> sums[ring] / counts[ring])
                .toList();
        return new Spectrum(radial, below[0], below[1], below[2]);
    }

    /** The power of every frequency {@code [h,w]}, summed over the channels. */
    private static double[] power(Delta delta) {
        int height = delta.height();
        int width = delta.width();
        Fourier along = new Fourier(width);
        Fourier down = new Fourier(height);
        double[] power = new double[height * width];
        for (int channel = 0; channel < 3; channel++) {
            Signal[] rows = new Signal[height];
            for (int y = 0; y < height; y++) {
                Signal row = Signal.zero(width);
                for (int x = 0; x < width; x++) {
                    row.real()[x] = delta.values()[(y * width + x) * 3 + channel];
                }
                rows[y] = along.transform(row);
            }
            for (int x = 0; x < width; x++) {
                Signal column = Signal.zero(height);
                for (int y = 0; y < height; y++) {
                    column.real()[y] = rows[y].real()[x];
                    column.imaginary()[y] = rows[y].imaginary()[x];
                }
                Signal transformed = down.transform(column);
                for (int y = 0; y < height; y++) {
                    double real = transformed.real()[y];
                    double imaginary = transformed.imaginary()[y];
                    power[y * width + x] += real * real + imaginary * imaginary;
                }
            }
        }
        return power;
    }

    /** The frequency at one place of a transform, of Nyquist. */
    private static double frequency(int place, int length) {
        return 2.0 * Math.min(place, length - place) / length;
    }
}
