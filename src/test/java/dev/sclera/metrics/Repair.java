package dev.sclera.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Made-up predictions for 300 images before and after a repair, under three attacks, by a formula that other languages
 * can repeat. What tests expect of it was worked out with numpy 2.4.6, scipy 1.17.1 and scikit-learn 1.9.1.
 */
record Repair(int[] truth, List<int[]> before, List<int[]> after) {

    static final int GRADES = 5;

    static Repair ofThreeAttacks() {
        int[] truth = IntStream.range(0, 300)
                .map(i -> i * 37 % 100)
                .map(h -> h < 50 ? 0 : h < 60 ? 1 : h < 82 ? 2 : h < 90 ? 3 : 4)
                .toArray();
        return new Repair(
                truth,
                List.of(erring(truth, 3, 448), erring(truth, 7, 299), erring(truth, 13, 598)),
                List.of(erring(truth, 5, 249), erring(truth, 11, 269), erring(truth, 17, 199)));
    }

    /** About {@code of997} of 997 images are graded wrong. */
    private static int[] erring(int[] truth, int key, int of997) {
        int[] predicted = truth.clone();
        for (int i = 0; i < truth.length; i++) {
            int h = (i * i * 31 + i * key + key * key * 17) % 997;
            if (h < of997) {
                predicted[i] = (truth[i] + 1 + h % 4) % GRADES;
            }
        }
        return predicted;
    }

    ImageStatistic before(int attack, MatrixStatistic statistic) {
        return ImageStatistic.of(truth, before.get(attack), GRADES, statistic);
    }

    ImageStatistic after(int attack, MatrixStatistic statistic) {
        return ImageStatistic.of(truth, after.get(attack), GRADES, statistic);
    }

    List<Gains.Variant> variants(MatrixStatistic statistic) {
        return IntStream.range(0, before.size())
                .mapToObj(attack -> Gains.Variant.of(
                        "attack " + attack, truth, before.get(attack), after.get(attack), GRADES, statistic))
                .toList();
    }

    /** 1 where the prediction is right, 0 elsewhere. */
    static double[] right(int[] truth, int[] predicted) {
        double[] right = new double[truth.length];
        Arrays.setAll(right, i -> truth[i] == predicted[i] ? 1 : 0);
        return right;
    }
}
