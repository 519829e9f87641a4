package dev.sclera.attack;

import dev.sclera.ascent.Ball;

/**
 * Evens out a slope's frequencies: bands of it, an octave each (Burt and Adelson 1983, <i>The Laplacian Pyramid as a
 * Compact Image Code</i>, with the binomial kernel 1 4 6 4 1), are brought to the same mean square, and put together
 * again. Without it the high frequencies, in which slopes are strongest, have nearly all the say.
 */
final class LaplacianPyramid {

    private static final float[] KERNEL = {1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f};
    private static final int RADIUS = 2;
    private static final double LEAST = 1e-30;

    private final int levels;
    private final boolean even;

    /** @param levels how many octaves are split off, so that there is one band more */
    LaplacianPyramid(int levels) {
        this(levels, true);
    }

    /** @param even whether bands are brought to the same mean square; else they are put together as they are */
    LaplacianPyramid(int levels, boolean even) {
        this.levels = levels;
        this.even = even;
    }

    /** The slope {@code [h,w,3]} evened out; of the same shape. */
    float[] of(float[] slope, int height, int width) {
        return of(slope, height, width, levels);
    }

    private float[] of(float[] values, int height, int width, int octaves) {
        if (octaves == 0 || Math.min(height, width) < 2) {
            return unit(values.clone());
        }
        int rows = (height + 1) / 2;
        int columns = (width + 1) / 2;
        float[] low = halved(values, height, width);
        float[] high = values.clone();
        add(doubled(low, height, width), -1, high);
        float[] together = unit(high);
        add(doubled(of(low, rows, columns, octaves - 1), height, width), 1, together);
        return together;
    }

    private static float[] halved(float[] values, int height, int width) {
        int rows = (height + 1) / 2;
        int columns = (width + 1) / 2;
        float[] halved = new float[rows * columns * 3];
        walk(height, width, (fine, coarse, weight) -> halved[coarse] += weight * values[fine]);
        return halved;
    }

    /** Four times the transpose of halving, as many values share what one was. */
    private static float[] doubled(float[] values, int height, int width) {
        float[] doubled = new float[height * width * 3];
        walk(height, width, (fine, coarse, weight) -> doubled[fine] += 4 * weight * values[coarse]);
        return doubled;
    }

    /** Every weight of the linear map from a finer grid to a coarser. */
    private interface Weight {
        void at(int fine, int coarse, float weight);
    }

    private static void walk(int height, int width, Weight weight) {
        int columns = (width + 1) / 2;
        for (int y = 0; y < height; y++) {
            for (int row = Math.max(0, (y - RADIUS + 1) / 2);
                    row <= Math.min((height - 1) / 2, (y + RADIUS) / 2);
                    row++) {
                float down = KERNEL[y - 2 * row + RADIUS];
                for (int x = 0; x < width; x++) {
                    int last = Math.min((width - 1) / 2, (x + RADIUS) / 2);
                    for (int column = Math.max(0, (x - RADIUS + 1) / 2); column <= last; column++) {
                        float product = down * KERNEL[x - 2 * column + RADIUS];
                        for (int channel = 0; channel < 3; channel++) {
                            weight.at((y * width + x) * 3 + channel, (row * columns + column) * 3 + channel, product);
                        }
                    }
                }
            }
        }
    }

    private float[] unit(float[] values) {
        double deviation = Ball.euclidean(values) / Math.sqrt(values.length);
        if (even && deviation > LEAST) {
            Ball.scale(values, 1 / deviation);
        }
        return values;
    }

    private static void add(float[] addend, float factor, float[] onto) {
        for (int i = 0; i < onto.length; i++) {
            onto[i] += factor * addend[i];
        }
    }
}
