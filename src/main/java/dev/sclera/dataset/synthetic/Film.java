package dev.sclera.dataset.synthetic;

/** Light on a square film: {@code [side,side]} in each of three planes, 1 being white. */
final class Film {

    private static final int CHANNELS = 3;

    /** From which light on the film answers less and less. */
    private static final float KNEE = 0.87f;

    private final int side;
    private final float[][] planes;

    Film(int side) {
        this.side = side;
        planes = new float[CHANNELS][side * side];
    }

    void set(int index, Colour colour) {
        planes[0][index] = colour.red();
        planes[1][index] = colour.green();
        planes[2][index] = colour.blue();
    }

    /** Blurs by about a Gaussian of this standard deviation in pixels. */
    void blur(double deviation) {
        // three taps pass variance 2a; repeated until it is the one that is wanted
        double variance = deviation * deviation;
        int passes = Math.max(1, (int) Math.ceil(variance / 0.5));
        float tap = (float) (variance / passes / 2);
        for (float[] plane : planes) {
            for (int pass = 0; pass < passes; pass++) {
                along(plane, 1, side, tap);
                along(plane, side, 1, tap);
            }
        }
    }

    private void along(float[] plane, int step, int stride, float tap) {
        for (int line = 0; line < side; line++) {
            int at = line * stride;
            float before = plane[at];
            for (int i = 0; i < side; i++) {
                float here = plane[at];
                float after = i + 1 < side ? plane[at + step] : here;
                plane[at] = here + tap * (before - 2 * here + after);
                before = here;
                at += step;
            }
        }
    }

    /** The mean of each block of pixels. */
    Film reduced(int size) {
        int factor = side / size;
        Film reduced = new Film(size);
        float share = 1f / (factor * factor);
        for (int channel = 0; channel < CHANNELS; channel++) {
            float[] to = reduced.planes[channel];
            float[] from = planes[channel];
            for (int row = 0; row < side; row++) {
                int line = row / factor * size;
                int at = row * side;
                for (int column = 0; column < size; column++) {
                    float sum = 0;
                    for (int i = 0; i < factor; i++) {
                        sum += from[at++];
                    }
                    to[line + column] += share * sum;
                }
            }
        }
        return reduced;
    }

    /** The sensor's noise: most of it common to all channels, and some of its own in each. */
    void grain(double deviation, Chance chance) {
        for (int i = 0; i < side * side; i++) {
            double common = 0.75 * chance.roughlyNormal();
            for (float[] plane : planes) {
                plane[i] += (float)
                        (deviation * (common + 0.6 * chance.roughlyNormal()) * (0.3 + 0.7 * Math.min(1, 2 * plane[i])));
            }
        }
    }

    /** {@code [side,side,3]} in 8 bits; what is brighter than white is white, but only after a shoulder. */
    byte[] bytes() {
        byte[] rgb = new byte[CHANNELS * side * side];
        for (int i = 0; i < side * side; i++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                float value = planes[channel][i];
                float shown = value < KNEE ? value : KNEE + (1 - KNEE) * (value - KNEE) / (value + 1 - 2 * KNEE);
                rgb[CHANNELS * i + channel] = (byte) Math.round(255 * Math.max(0, Math.min(1, shown)));
            }
        }
        return rgb;
    }
}
