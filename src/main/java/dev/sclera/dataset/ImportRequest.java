package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to import, and how.
 *
 * @param source a folder or a {@code .npz} file; its layout is detected
 * @param name the dataset's name, or null for the folder's name with the first eight digits of the id; where several
 *     splits come of it, each is named {@code <name>-train}, {@code -val} or {@code -test}
 * @param size rows and columns of the canonical images, 8 to 2048; or null for the size that all images share where
 *     that is square and at most 512, else 224
 * @param crop whether to crop each picture to the bounding circle of its fundus
 * @param split how to divide the images; or null for not dividing them: a folder is then one dataset, a {@code .npz}
 *     keeps its own splits
 * @param part without {@code split}: what a folder's one dataset is called as a split ({@code all} where null), and
 *     which one of a {@code .npz}'s own splits is wanted (every one where null or {@code all})
 */
public record ImportRequest(
        Path source,
        @Nullable String name,
        @Nullable Integer size,
        boolean crop,
        @Nullable Split split,
        @Nullable String part) {

    private static final Set<String> PARTS = Set.of("all", "train", "val", "test");

    public ImportRequest {
        requireNonNull(source, "source is null");
        if (name != null) {
            requireName("name", name, 100);
        }
        if (size != null && (size < 8 || size > 2048)) {
            throw new InvalidValueException("size", size, "8 to 2048 pixels");
        }
        if (part != null && !PARTS.contains(part)) {
            throw new InvalidValueException("part", part, "all, train, val or test");
        }
        if (part != null && split != null) {
            throw new InvalidValueException("part", part, "only without a split, which names its parts itself");
        }
    }

    /** Refuses what can be no dataset's name: names become parts of keys. */
    static void requireName(String field, String name, int longest) {
        if (name.length() > longest || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new InvalidValueException(
                    field,
                    name,
                    "up to %d letters, digits, dots, hyphens and underscores, a letter or digit first"
                            .formatted(longest));
        }
    }

    /** Everything in {@code source}, with the defaults. */
    public static ImportRequest of(Path source) {
        return new ImportRequest(source, null, null, false, null, null);
    }
}
