package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

/**
 * A universal perturbation δ in pixel space: added to every image of a canonical size, whatever the model behind it.
 *
 * @param height rows
 * @param width columns
 * @param values {@code [height,width,3]}, RGB, in units of the full pixel range (8/255 is eight 8-bit steps); shared,
 *     not copied: not to be written to
 */
public record Delta(int height, int width, float[] values) {

    public Delta {
        requireNonNull(values, "values is null");
        if (values.length != height * width * 3) {
            throw new IllegalArgumentException(
                    "%d values do not fit a δ of %d×%d×3".formatted(values.length, height, width));
        }
    }

    /** The images as a user would see them attacked: {@code round(255·clip(x + δ, 0, 1))}, 8 bits. */
    public Images applyTo(Images clean) {
        if (clean.height() != height || clean.width() != width) {
            throw new IllegalArgumentException("a δ of %d×%d cannot be added to images of %d×%d"
                    .formatted(height, width, clean.height(), clean.width()));
        }
        byte[] from = clean.pixels();
        byte[] to = new byte[from.length];
        for (int start = 0; start < from.length; start += values.length) {
            for (int i = 0; i < values.length; i++) {
                // x is a multiple of 1/255, so 255·(x + δ) needs no division, and δ = 0 gives back x exactly
                float shifted = (from[start + i] & 0xff) + 255f * values[i];
                to[start + i] = (byte) Math.round(Math.max(0f, Math.min(255f, shifted)));
            }
        }
        return new Images(height, width, to, clean.grades(), clean.names());
    }

    /** The largest magnitude, the L∞ norm; 1 is the full pixel range. */
    public double maximumNorm() {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** The L2 norm over all pixels and channels; 1 is the full pixel range. */
    public double euclideanNorm() {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
