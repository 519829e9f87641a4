package dev.sclera.attack;

/**
 * The lowest frequencies of the orthonormal basis of the two-dimensional discrete cosine transform, type II, of each
 * channel: {@code c(u)·c(v)·cos(π(2y+1)u/2h)·cos(π(2x+1)v/2w)}, where c(0) is √(1/n) and all others √(2/n).
 */
final class CosineBasis {

    /** The option that says how many of the frequencies there are. */
    static final Options.Number BAND =
            new Options.Number("band", "the lowest share of the frequencies, along each axis", 0.125, 0.01, 1);

    private final int height;
    private final int width;
    private final double[][] vertical;
    private final double[][] horizontal;

    /**
     * @param rows how many frequencies down the image
     * @param columns how many across
     */
    CosineBasis(int height, int width, int rows, int columns) {
        this.height = height;
        this.width = width;
        this.vertical = waves(height, rows);
        this.horizontal = waves(width, columns);
    }

    /** The band that a problem's options say; at least two frequencies along each axis. */
    static CosineBasis of(Problem problem) {
        double band = problem.options().number(BAND.name());
        return new CosineBasis(
                problem.height(),
                problem.width(),
                frequencies(band, problem.height()),
                frequencies(band, problem.width()));
    }

    private static int frequencies(double band, int side) {
        return (int) Math.max(Math.min(2, side), Math.round(band * side));
    }

    private static double[][] waves(int length, int count) {
        double[][] waves = new double[count][length];
        for (int frequency = 0; frequency < count; frequency++) {
            double scale = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / length);
            for (int i = 0; i < length; i++) {
                waves[frequency][i] = scale * Math.cos(Math.PI * (2 * i + 1) * frequency / (2.0 * length));
            }
        }
        return waves;
    }

    /** How many directions there are: three times the frequencies. */
    int count() {
        return 3 * vertical.length * horizontal.length;
    }

    /**
     * Adds a multiple of one direction.
     *
     * @param direction {@code 3·(u·columns + v) + channel}
     * @param onto {@code [h,w,3]}
     */
    void add(int direction, double amount, float[] onto) {
        int channel = direction % 3;
        double[] down = vertical[direction / 3 / horizontal.length];
        double[] across = horizontal[direction / 3 % horizontal.length];
        for (int y = 0; y < height; y++) {
            double row = amount * down[y];
            for (int x = 0; x < width; x++) {
                onto[(y * width + x) * 3 + channel] += (float) (row * across[x]);
            }
        }
    }
}
