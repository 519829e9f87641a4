package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Recipe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which synthetic photographs to draw.
 *
 * @param name the dataset's name; what does not begin with {@value #PREFIX} gets that before it. Null for the prefix
 *     with the first eight digits of the id
 * @param size rows and columns, 16 to 1024
 * @param perGrade how many of each grade, 0 to 4; at least one in all
 * @param seed from which they are drawn, of up to 53 bits
 * @param split how to divide them, or null for not dividing them
 */
public record SyntheticRequest(
        @Nullable String name,
        int size,
        List<Integer> perGrade,
        long seed,
        @Nullable Split split) {

    /** What the name of every synthetic dataset begins with. */
    public static final String PREFIX = "synthetic-";

    /** The size that graders of fundus photographs mostly take. */
    public static final int USUAL_SIZE = 224;

    private static final int MOST = 100_000;

    /** Grades among those who come to be screened: about as in APTOS 2019. */
    private static final List<Double> SCREENED = List.of(0.49, 0.10, 0.28, 0.05, 0.08);

    public SyntheticRequest {
        perGrade = List.copyOf(requireNonNull(perGrade, "perGrade is null"));
        if (name != null) {
            name = name.startsWith(PREFIX) ? name : PREFIX + name;
            ImportRequest.requireName("name", name, 100);
        }
        if (size < 16 || size > 1024) {
            throw new InvalidValueException("size", size, "16 to 1024 pixels");
        }
        int images = perGrade.stream().mapToInt(Integer::intValue).sum();
        if (perGrade.size() != Grades.COUNT || perGrade.stream().anyMatch(count -> count < 0) || images < 1) {
            throw new InvalidValueException("perGrade", perGrade, "five counts of at least 0, one of them above");
        }
        if (images > MOST) {
            throw new InvalidValueException("images", images, "up to " + MOST);
        }
        if (Math.abs((double) seed) > Recipe.LARGEST_WHOLE) {
            throw new InvalidValueException("seed", seed, "whole numbers of up to 53 bits");
        }
    }

    /** So many of each grade. */
    public static List<Integer> equal(int count) {
        return List.of(count, count, count, count, count);
    }

    /** So many in all, of which grades have the shares that they have where people are screened. */
    public static List<Integer> screened(int images) {
        List<Integer> counts = new ArrayList<>();
        double wanted = 0;
        int given = 0;
        for (double share : SCREENED) {
            wanted += share * images;
            int count = (int) Math.round(wanted) - given;
            counts.add(count);
            given += count;
        }
        return counts;
    }
}
