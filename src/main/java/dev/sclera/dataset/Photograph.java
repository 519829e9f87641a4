package dev.sclera.dataset;

import dev.sclera.dataset.image.ImageDecoder;
import dev.sclera.dataset.image.UnusableImageException;
import dev.sclera.problem.UnusableInputException;
import java.util.List;

/** One encoded photograph by itself, outside of any dataset. */
public final class Photograph {

    private Photograph() {}

    /**
     * Decodes a photograph and brings it to a canonical size, as an import would; its grade, which nobody knows, is −1.
     *
     * @param name what to call it
     * @param file a JPEG, PNG, TIFF, BMP or WebP
     * @param size rows and columns
     * @throws UnusableInputException where it cannot be decoded
     */
    public static Images canonical(String name, byte[] file, int size) {
        try {
            byte[] pixels = new Canonical(size, false)
                    .of(new ImageDecoder().decode(file))
                    .rgb();
            return new Images(size, size, pixels, new int[] {-1}, List.of(name));
        } catch (UnusableImageException e) {
            throw new UnusableInputException(
                    "image",
                    "The image \"%s\" cannot be used: %s. Allowed are whole JPEG, PNG, TIFF, BMP and WebP files."
                            .formatted(name, e.getMessage()),
                    e);
        }
    }
}
