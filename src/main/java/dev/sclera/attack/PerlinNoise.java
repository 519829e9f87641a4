package dev.sclera.attack;

/**
 * Perlin noise: a smooth random function whose slopes at the points of a lattice are drawn from eight directions
 * (Perlin 2002, <i>Improving Noise</i>: fade curve 6t⁵ − 15t⁴ + 10t³, gradients without tables; in two dimensions),
 * summed over octaves of half the amplitude and twice the frequency each, and drawn in waves by a sine (Co et al. 2019:
 * {@code sin(2π·φ·S(x/λx, y/λy))}).
 *
 * <p>Parameters: the wavelengths λx and λy, from a hundredth of the side to nine tenths (from 2 to 200 pixels of 224),
 * 1 to 4 octaves, and φ from 0.5 to 16.
 */
final class PerlinNoise implements NoisePattern {

    private static final int[][] SLOPES = {{1, 1}, {-1, 1}, {1, -1}, {-1, -1}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}};

    private final int[] permutation;

    /** @param permutation of 0 … 255; it determines the slopes */
    PerlinNoise(int[] permutation) {
        this.permutation = permutation.clone();
    }

    static PerlinNoise seeded(long seed) {
        return new PerlinNoise(Shuffle.of(256, seed, 0, 11));
    }

    @Override
    public int parameters() {
        return 4;
    }

    @Override
    public float[] draw(float[] point, int height, int width) {
        double down = height * NoisePattern.between(0.01, 0.9, point[0]);
        double across = width * NoisePattern.between(0.01, 0.9, point[1]);
        int octaves = NoisePattern.oneOf(4, point[2]);
        double waves = NoisePattern.between(0.5, 16, point[3]);
        float[] pattern = new float[height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double value = octaves(x / across, y / down, octaves);
                pattern[y * width + x] = (float) Math.sin(2 * Math.PI * waves * value);
            }
        }
        return pattern;
    }

    /** The sum over octaves, divided by the sum of their amplitudes. */
    double octaves(double x, double y, int count) {
        double sum = 0;
        double amplitudes = 0;
        for (int octave = 0; octave < count; octave++) {
            double amplitude = Math.scalb(1.0, -octave);
            sum += amplitude * at(Math.scalb(x, octave), Math.scalb(y, octave));
            amplitudes += amplitude;
        }
        return sum / amplitudes;
    }

    /** One octave: 0 at every point of the lattice of whole numbers. */
    double at(double x, double y) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        double dx = x - column;
        double dy = y - row;
        double top = mix(dx, corner(column, row, dx, dy), corner(column + 1, row, dx - 1, dy));
        double bottom = mix(dx, corner(column, row + 1, dx, dy - 1), corner(column + 1, row + 1, dx - 1, dy - 1));
        return mix(dy, top, bottom);
    }

    private double corner(int column, int row, double dx, double dy) {
        int[] slope = SLOPES[permutation[(permutation[column & 255] + row) & 255] & 7];
        return slope[0] * dx + slope[1] * dy;
    }

    private static double mix(double share, double from, double to) {
        double fade = share * share * share * (share * (share * 6 - 15) + 10);
        return from + fade * (to - from);
    }
}
