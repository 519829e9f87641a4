package dev.sclera.attack;

import java.util.SplittableRandom;

/**
 * Gabor noise: Gabor kernels, a wave under a Gaussian, strewn at random places with random weights (Lagae et al. 2009,
 * <i>Procedural Noise using Sparse Gabor Convolution</i>; the kernel cut off at 5 %), each the mean of several
 * directions (Co et al. 2019).
 *
 * <p>Parameters: the kernel's radius, from a fiftieth of the side to a sixth; the wavelength, from 2 pixels to a
 * quarter of the side; the direction ω; and 1 to 8 directions, evenly from ω on.
 */
final class GaborNoise implements NoisePattern {

    private static final double CUT_OFF = 0.05;

    /** How many kernels cover a place, so that there are no gaps. */
    private static final double COVER = 8;

    private final long seed;

    GaborNoise(long seed) {
        this.seed = seed;
    }

    @Override
    public int parameters() {
        return 4;
    }

    @Override
    public float[] draw(float[] point, int height, int width) {
        int side = Math.min(height, width);
        double radius = Math.max(1.5, side * NoisePattern.between(1 / 50.0, 1 / 6.0, point[0]));
        double wavelength = NoisePattern.between(2, Math.max(3, side / 4.0), point[1]);
        int reach = (int) Math.ceil(radius);
        double[][] kernel =
                kernel(reach, bandwidth(radius), 1 / wavelength, Math.PI * point[2], NoisePattern.oneOf(8, point[3]));
        float[] pattern = new float[height * width];
        SplittableRandom random = Shuffle.generator(seed, 0, 12);
        double area = (height + 2.0 * reach) * (width + 2.0 * reach);
        long kernels = Math.round(COVER * area / (Math.PI * radius * radius));
        for (long i = 0; i < kernels; i++) {
            int row = (int) (random.nextDouble() * (height + 2 * reach)) - reach;
            int column = (int) (random.nextDouble() * (width + 2 * reach)) - reach;
            strew(kernel, reach, row, column, 2 * random.nextDouble() - 1, pattern, height, width);
        }
        return pattern;
    }

    /** The bandwidth of the Gaussian that is down to 5 % at a radius. */
    static double bandwidth(double radius) {
        return Math.sqrt(-Math.log(CUT_OFF) / Math.PI) / radius;
    }

    /** {@code exp(−πa²(x²+y²))·cos(2πF(x·cos ω + y·sin ω))}. */
    static double kernel(double x, double y, double bandwidth, double frequency, double direction) {
        double gaussian = Math.exp(-Math.PI * bandwidth * bandwidth * (x * x + y * y));
        double along = x * Math.cos(direction) + y * Math.sin(direction);
        return gaussian * Math.cos(2 * Math.PI * frequency * along);
    }

    private static double[][] kernel(int reach, double bandwidth, double frequency, double direction, int directions) {
        double[][] kernel = new double[2 * reach + 1][2 * reach + 1];
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                for (int turn = 0; turn < directions; turn++) {
                    double turned = direction + turn * Math.PI / directions;
                    kernel[y + reach][x + reach] += kernel(x, y, bandwidth, frequency, turned) / directions;
                }
            }
        }
        return kernel;
    }

    private static void strew(
            double[][] kernel, int reach, int row, int column, double weight, float[] onto, int height, int width) {
        for (int y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
            for (int x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++) {
                onto[y * width + x] += (float) (weight * kernel[y - row + reach][x - column + reach]);
            }
        }
    }
}
