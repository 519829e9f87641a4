package dev.sclera.dataset.image;

import static java.util.Objects.requireNonNull;

/**
 * One picture in sRGB, 8 bits a channel.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param rgb {@code [height,width,3]}; shared, not copied: not to be written to
 */
public record Picture(int height, int width, byte[] rgb) {

    public Picture {
        requireNonNull(rgb, "rgb is null");
        if (height < 1 || width < 1 || rgb.length != 3L * height * width) {
            throw new IllegalArgumentException(
                    "%d bytes do not fit a picture of %d×%d×3".formatted(rgb.length, height, width));
        }
    }
}
