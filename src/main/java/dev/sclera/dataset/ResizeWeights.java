package dev.sclera.dataset;

/**
 * The weights of an antialiased bilinear resize along one axis. A resize is linear and separable, so two such matrices
 * are all of it: {@code out = rows · in · columnsᵀ}.
 *
 * <p>Output pixel {@code i} is the mean of the input around the centre {@code (i + ½)·from/to}, weighted by a triangle
 * whose half-width is the larger of one input pixel and {@code from/to} input pixels, and cut off at the borders. This
 * is what Pillow's {@code BILINEAR} and PyTorch's {@code interpolate(mode="bilinear", antialias=True)} do.
 */
public final class ResizeWeights {

    private ResizeWeights() {}

    /**
     * The weights as a dense matrix.
     *
     * @param from input pixels, at least 1
     * @param to output pixels, at least 1
     * @return {@code [to,from]}, row-major; every row sums to 1; the identity where {@code from == to}
     */
    public static float[] matrix(int from, int to) {
        float[] matrix = new float[Math.multiplyExact(from, to)];
        for (int i = 0; i < to; i++) {
            Window window = window(from, to, i);
            for (int j = 0; j < window.weights().length; j++) {
                matrix[i * from + window.start() + j] = (float) window.weights()[j];
            }
        }
        return matrix;
    }

    /** The weights of one output pixel. */
    static Window window(int from, int to, int i) {
        if (from < 1 || to < 1) {
            throw new IllegalArgumentException("cannot resize %d pixels to %d".formatted(from, to));
        }
        double scale = (double) from / to;
        double support = Math.max(scale, 1);
        double centre = (i + 0.5) * scale;
        int start = Math.max((int) (centre - support + 0.5), 0);
        int end = Math.min((int) (centre + support + 0.5), from);
        double[] weights = new double[end - start];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            double distance = Math.abs(start + j + 0.5 - centre) / support;
            weights[j] = Math.max(0, 1 - distance);
            sum += weights[j];
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
        }
        return new Window(start, weights);
    }

    /**
     * The weights of one output pixel.
     *
     * @param start the first input pixel that counts
     * @param weights of the input pixels from there on; sums to 1
     */
    record Window(int start, double[] weights) {}
}
