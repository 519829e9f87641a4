package dev.sclera.dataset.image;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A picture's samples as its file stores them, untouched by any colour profile, and the file's text.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param depth bits a sample, 8 or 16
 * @param values {@code [height,width,3]}, from 0 to {@code 2^depth − 1}; shared, not copied: not to be written to
 * @param text what the file says of itself, by keyword
 */
public record Samples(int height, int width, int depth, int[] values, Map<String, String> text) {

    public Samples {
        requireNonNull(values, "values is null");
        if (height < 1 || width < 1 || values.length != 3L * height * width) {
            throw new IllegalArgumentException(
                    "%d samples do not fit a picture of %d×%d×3".formatted(values.length, height, width));
        }
        if (depth != 8 && depth != 16) {
            throw new IllegalArgumentException("samples have 8 or 16 bits, not " + depth);
        }
        text = Collections.unmodifiableMap(new TreeMap<>(text));
    }
}
