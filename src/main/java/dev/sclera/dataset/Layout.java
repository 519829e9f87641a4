package dev.sclera.dataset;

import dev.sclera.problem.UnusableInputException;
import java.nio.file.Path;
import java.util.Optional;

/** A way in which people keep graded photographs. */
interface Layout {

    /**
     * The images in {@code source}, where it has this layout.
     *
     * @throws UnusableInputException where it has this layout, but cannot be used as it is
     */
    Optional<ImageSource> open(Path source);
}
