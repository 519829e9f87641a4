package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Some canonical images with their grades, as one shard holds them.
 *
 * @param height rows per image
 * @param width columns per image
 * @param pixels {@code [n,height,width,3]}, RGB, 8 bits; shared, not copied: not to be written to
 * @param grades {@code [n]}, the ICDR grade of each image, 0 to 4; shared, not copied
 * @param names {@code [n]}, each image's name, unique within its dataset
 */
public record Images(int height, int width, byte[] pixels, int[] grades, List<String> names) {

    public Images {
        requireNonNull(pixels, "pixels is null");
        requireNonNull(grades, "grades is null");
        names = List.copyOf(names);
        if (grades.length != names.size() || pixels.length != (long) grades.length * height * width * 3) {
            throw new IllegalArgumentException("%d grades, %d names and %d bytes of pixels do not fit %d×%d images"
                    .formatted(grades.length, names.size(), pixels.length, height, width));
        }
    }

    /** How many images these are. */
    public int count() {
        return grades.length;
    }

    /** Bytes per image: {@code height·width·3}. */
    public int stride() {
        return height * width * 3;
    }
}
