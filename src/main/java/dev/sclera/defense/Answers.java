package dev.sclera.defense;

import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.model.Grade;
import java.util.Comparator;
import java.util.List;

/**
 * How well a grader answers the validation images.
 *
 * @param loss the mean cross-entropy
 * @param kappa Cohen's kappa, unweighted
 * @param quadraticKappa Cohen's kappa with quadratic weights
 * @param gradesGiven how many different grades it gives
 */
record Answers(double loss, double kappa, double quadraticKappa, int gradesGiven) {

    /** Keeps the loss of what is given no probability at all finite. */
    private static final double LEAST_PROBABILITY = 1e-30;

    /** @param truths of which at least two differ, so that kappas are defined */
    static Answers of(int[] truths, List<Grade> grades, int classes) {
        double loss = 0;
        for (int i = 0; i < truths.length; i++) {
            loss -= Math.log(Math.max(LEAST_PROBABILITY, grades.get(i).probabilities()[truths[i]]));
        }
        int[] given = grades.stream().mapToInt(Grade::grade).toArray();
        ConfusionMatrix matrix = ConfusionMatrix.of(truths, given, classes);
        return new Answers(
                loss / truths.length,
                CohenKappa.UNWEIGHTED.of(matrix).orElseThrow(),
                CohenKappa.QUADRATIC.of(matrix).orElseThrow(),
                (int) grades.stream().mapToInt(Grade::grade).distinct().count());
    }

    /** Those to the images under the perturbation that harms most, by quadratic kappa. */
    static Answers worst(List<Answers> all) {
        return all.stream()
                .min(Comparator.comparingDouble(Answers::quadraticKappa))
                .orElseThrow();
    }
}
