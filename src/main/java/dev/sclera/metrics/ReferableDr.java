package dev.sclera.metrics;

import java.util.Arrays;

/**
 * Referable diabetic retinopathy: grade 2 (moderate) or worse of the international scale, the question that screening
 * asks (Gulshan et al. 2016, "Development and validation of a deep learning algorithm for detection of diabetic
 * retinopathy in retinal fundus photographs"; macular oedema, which they refer too, is not graded here).
 */
public final class ReferableDr {

    /** The lowest grade that is referred. */
    public static final int THRESHOLD = 2;

    private ReferableDr() {}

    /**
     * The share of referable images that are predicted as referable; undefined where no image is referable.
     *
     * @throws IllegalArgumentException if the matrix has fewer than 3 grades
     */
    public static Measure sensitivity(ConfusionMatrix matrix) {
        int grades = requireReferable(matrix.grades());
        return Measure.share(
                count(matrix, THRESHOLD, grades, THRESHOLD, grades),
                count(matrix, THRESHOLD, grades, 0, grades),
                "no image has a true grade of " + THRESHOLD + " or more");
    }

    /**
     * The share of images that are not referable and are predicted so; undefined where every image is referable.
     *
     * @throws IllegalArgumentException if the matrix has fewer than 3 grades
     */
    public static Measure specificity(ConfusionMatrix matrix) {
        int grades = requireReferable(matrix.grades());
        return Measure.share(
                count(matrix, 0, THRESHOLD, 0, THRESHOLD),
                count(matrix, 0, THRESHOLD, 0, grades),
                "no image has a true grade below " + THRESHOLD);
    }

    /**
     * The probability that an image is referable: the sum of those of its referable grades.
     *
     * @param probabilities one for each grade, {@code [grades]}, at least 3, each finite
     */
    public static double score(double[] probabilities) {
        requireReferable(probabilities.length);
        return Arrays.stream(probabilities, THRESHOLD, probabilities.length).sum();
    }

    /**
     * The area under the ROC curve of a score for referable images; see {@link #aucOver(int[], double[])}.
     *
     * @throws IllegalArgumentException if the lengths differ or a score is NaN
     */
    public static Measure auc(int[] truth, double[] scores) {
        AreaUnderRoc area = new AreaUnderRoc(truth, scores);
        int[] once = new int[area.images()];
        Arrays.fill(once, 1);
        return area.over(once);
    }

    /**
     * The area under the ROC curve, for resampling: the probability that a referable image scores above one that is
     * not, ties counting one half (the Mann-Whitney statistic; Hanley &amp; McNeil 1982, "The meaning and use of the
     * area under a receiver operating characteristic (ROC) curve"). Undefined where one of the two kinds has no image.
     *
     * @param truth the true grade of each image, {@code [n]}
     * @param scores the {@link #score} of each image, {@code [n]}, in the same order
     * @throws IllegalArgumentException if the lengths differ or a score is NaN
     */
    public static ImageStatistic aucOver(int[] truth, double[] scores) {
        return new AreaUnderRoc(truth, scores);
    }

    private static int requireReferable(int grades) {
        if (grades <= THRESHOLD) {
            throw new IllegalArgumentException("There are " + grades + " grades, but referable diabetic retinopathy"
                    + " starts at grade " + THRESHOLD + ", so at least " + (THRESHOLD + 1) + " are needed.");
        }
        return grades;
    }

    private static long count(ConfusionMatrix matrix, int fromRow, int toRow, int fromColumn, int toColumn) {
        long sum = 0;
        for (int row = fromRow; row < toRow; row++) {
            for (int column = fromColumn; column < toColumn; column++) {
                sum += matrix.count(row, column);
            }
        }
        return sum;
    }
}
