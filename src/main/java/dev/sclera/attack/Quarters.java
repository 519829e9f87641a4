package dev.sclera.attack;

/**
 * The four quarters of an image, kept alike: a δ whose slopes are averaged by {@link #mean} repeats itself in each
 * direction after half of the image. A grader looks for the same things everywhere, so that costs little of what δ can
 * do; and a slope that was asked for four places at once is known twice as well from the same images.
 */
final class Quarters {

    private static final int CHANNELS = 3;

    private final int height;
    private final int width;
    /** The rows and columns of a quarter; where the image's are odd, the middle one is in the first half alone. */
    private final int rows;

    private final int columns;

    /**
     * Those of an image of a size.
     *
     * @param height rows of the image
     * @param width columns of the image
     */
    Quarters(int height, int width) {
        this.height = height;
        this.width = width;
        this.rows = (height + 1) / 2;
        this.columns = (width + 1) / 2;
    }

    /**
     * What the quarters have in common.
     *
     * @param slope {@code [h,w,3]}, left as it is
     * @return {@code [h,w,3]}: each value is the mean of those in its place of each quarter that has it
     */
    float[] mean(float[] slope) {
        float[] mean = new float[slope.length];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    float common = common(slope, y, x, channel);
                    for (int v = y; v < height; v += rows) {
                        for (int u = x; u < width; u += columns) {
                            mean[place(v, u, channel)] = common;
                        }
                    }
                }
            }
        }
        return mean;
    }

    private float common(float[] slope, int y, int x, int channel) {
        float sum = 0;
        int quarters = 0;
        for (int v = y; v < height; v += rows) {
            for (int u = x; u < width; u += columns) {
                sum += slope[place(v, u, channel)];
                quarters++;
            }
        }
        return sum / quarters;
    }

    private int place(int y, int x, int channel) {
        return (y * width + x) * CHANNELS + channel;
    }
}
