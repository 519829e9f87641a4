package dev.sclera.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Two grades for each image of a made-up test set. */
record Grading(int[] truth, int[] predicted, int grades) {

    /** The images of a matrix of counts, cell by cell. */
    static Grading of(long[][] counts) {
        ConfusionMatrix matrix = new ConfusionMatrix(counts);
        int[] truth = new int[(int) matrix.total()];
        int[] predicted = new int[truth.length];
        int image = 0;
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts.length; column++) {
                int end = image + (int) counts[row][column];
                Arrays.fill(truth, image, end, row);
                Arrays.fill(predicted, image, end, column);
                image = end;
            }
        }
        return new Grading(truth, predicted, counts.length);
    }

    /** Skewed true grades, as screening sees them, of which a share is predicted at random. */
    static Grading random(SplittableRandom random, int images, int grades, double shareOfNoise) {
        int[] truth =
                random.ints(images, 0, 2 * grades).map(i -> i < grades ? i : 0).toArray();
        return new Grading(truth, noisy(random, truth, grades, shareOfNoise), grades);
    }

    static int[] noisy(SplittableRandom random, int[] source, int grades, double shareOfNoise) {
        return Arrays.stream(source)
                .map(grade -> random.nextDouble() < shareOfNoise ? random.nextInt(grades) : grade)
                .toArray();
    }

    ConfusionMatrix matrix() {
        return ConfusionMatrix.of(truth, predicted, grades);
    }

    ImageStatistic statistic(MatrixStatistic statistic) {
        return ImageStatistic.of(truth, predicted, grades, statistic);
    }
}
