package dev.sclera.dataset.synthetic;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.image.Picture;

/**
 * Where the lesions of a photograph are, to the pixel.
 *
 * @param size rows and columns
 * @param labels {@code [size,size]}: 0 for none, or the {@link LesionKind#label()}; shared, not to be written to
 */
public record LesionMap(int size, byte[] labels) {

    public LesionMap {
        requireNonNull(labels, "labels is null");
        if (labels.length != size * size) {
            throw new IllegalArgumentException(
                    "%d labels do not fit a map of %d×%d".formatted(labels.length, size, size));
        }
    }

    /** How many pixels show a kind of lesion. */
    public int pixels(LesionKind kind) {
        int count = 0;
        for (byte label : labels) {
            count += label == kind.label() ? 1 : 0;
        }
        return count;
    }

    /** The map for people: each kind in its {@linkplain LesionKind#rgb() colour} on black. */
    public Picture picture() {
        byte[] rgb = new byte[3 * labels.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != 0) {
                int colour = LesionKind.values()[labels[i] - 1].rgb();
                rgb[3 * i] = (byte) (colour >> 16);
                rgb[3 * i + 1] = (byte) (colour >> 8);
                rgb[3 * i + 2] = (byte) colour;
            }
        }
        return new Picture(size, size, rgb);
    }
}
