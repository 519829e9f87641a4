package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * How many images of each true grade were given each predicted grade. Equal by value; the matrices of shards add up to
 * the matrix of the whole.
 *
 * @param counts {@code [grades, grades]}, at least 2 grades, row: true grade, column: predicted grade, no count below
 *     0; copied on the way in and on the way out
 */
public record ConfusionMatrix(long[][] counts) {

    static final String NO_IMAGES = "there are no images";

    /** @throws IllegalArgumentException if the counts are not square, of fewer than 2 grades, or one is negative */
    public ConfusionMatrix {
        requireNonNull(counts, "counts is null");
        if (counts.length < 2) {
            throw new IllegalArgumentException(
                    "A confusion matrix of " + counts.length + " grades was given, but there have to be at least 2.");
        }
        counts = copy(counts);
        for (int row = 0; row < counts.length; row++) {
            check(counts[row], row, counts.length);
        }
    }

    private static void check(long[] row, int grade, int grades) {
        if (row.length != grades) {
            throw new IllegalArgumentException("Row " + grade + " of a confusion matrix has " + row.length
                    + " counts, but has to have " + grades + ", one for each grade.");
        }
        for (long count : row) {
            if (count < 0) {
                throw new IllegalArgumentException("Row " + grade + " of a confusion matrix holds the count " + count
                        + ", but a count is 0 or more.");
            }
        }
    }

    /**
     * Counts the images.
     *
     * @param truth the true grade of each image, {@code [n]}, each 0 to {@code grades - 1}
     * @param predicted the predicted grade of each image, {@code [n]}, in the same order
     * @param grades how many grades there are, at least 2
     * @throws IllegalArgumentException if the lengths differ or a grade is out of range
     */
    public static ConfusionMatrix of(int[] truth, int[] predicted, int grades) {
        return new GradePairs("truth", truth, "predicted", predicted, grades).matrix();
    }

    @Override
    public long[][] counts() {
        return copy(counts);
    }

    /** How many grades there are, at least 2. */
    public int grades() {
        return counts.length;
    }

    /** @throws IndexOutOfBoundsException if one of the two is not a grade */
    public long count(int truth, int predicted) {
        return counts[truth][predicted];
    }

    /** How many images there are. */
    public long total() {
        long total = 0;
        for (int grade = 0; grade < counts.length; grade++) {
            total += ofTruth(grade);
        }
        return total;
    }

    /**
     * How many images truly are of this grade.
     *
     * @throws IndexOutOfBoundsException if it is not a grade
     */
    public long ofTruth(int grade) {
        long images = 0;
        for (long count : counts[grade]) {
            images += count;
        }
        return images;
    }

    /**
     * How many images were predicted to be of this grade.
     *
     * @throws IndexOutOfBoundsException if it is not a grade
     */
    public long ofPredicted(int grade) {
        long images = 0;
        for (long[] row : counts) {
            images += row[grade];
        }
        return images;
    }

    /** The share of images whose predicted grade is the true one; undefined without images. */
    public Measure accuracy() {
        return Measure.share(agreed(), total(), NO_IMAGES);
    }

    /**
     * The share of the images of this true grade that are predicted as such; undefined where there are none.
     *
     * @throws IndexOutOfBoundsException if it is not a grade
     */
    public Measure recall(int grade) {
        return Measure.share(counts[grade][grade], ofTruth(grade), "no image has the true grade " + grade);
    }

    /**
     * The matrix of both sets of images together.
     *
     * @throws IllegalArgumentException if the other has a different number of grades
     */
    public ConfusionMatrix plus(ConfusionMatrix other) {
        if (other.grades() != grades()) {
            throw new IllegalArgumentException(
                    "A confusion matrix of " + other.grades() + " grades cannot be added to one of " + grades() + ".");
        }
        long[][] sum = counts();
        for (int row = 0; row < sum.length; row++) {
            for (int column = 0; column < sum.length; column++) {
                sum[row][column] = Math.addExact(sum[row][column], other.counts[row][column]);
            }
        }
        return new ConfusionMatrix(sum);
    }

    /** How many images lie on the diagonal. */
    long agreed() {
        long agreed = 0;
        for (int grade = 0; grade < counts.length; grade++) {
            agreed += counts[grade][grade];
        }
        return agreed;
    }

    private static long[][] copy(long[][] rows) {
        return Arrays.stream(rows).map(long[]::clone).toArray(long[][]::new);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfusionMatrix that && Arrays.deepEquals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(counts);
    }

    @Override
    public String toString() {
        return "ConfusionMatrix" + Arrays.deepToString(counts);
    }
}
