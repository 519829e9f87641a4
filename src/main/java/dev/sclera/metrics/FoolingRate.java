package dev.sclera.metrics;

/**
 * How many predictions a perturbation changes. Both figures come from a matrix of changes: row, the grade predicted for
 * the clean image; column, the grade predicted for the same image perturbed. True grades play no part.
 */
public final class FoolingRate {

    private FoolingRate() {}

    /**
     * Counts the changes.
     *
     * @param clean the grade predicted for each clean image, {@code [n]}, each 0 to {@code grades - 1}
     * @param perturbed the grade predicted for each image perturbed, {@code [n]}, in the same order
     * @throws IllegalArgumentException if the lengths differ or a grade is out of range
     */
    public static ConfusionMatrix changes(int[] clean, int[] perturbed, int grades) {
        return new GradePairs("clean", clean, "perturbed", perturbed, grades).matrix();
    }

    /**
     * The share of images whose predicted grade the perturbation changes (Moosavi-Dezfooli et al. 2017, "Universal
     * adversarial perturbations", eq. 1); undefined without images.
     */
    public static Measure of(ConfusionMatrix changes) {
        return Measure.share(changes.total() - changes.agreed(), changes.total(), ConfusionMatrix.NO_IMAGES);
    }

    /**
     * The targeted success rate: among the images that are not predicted as the target when clean, the share predicted
     * as the target when perturbed; undefined where every clean image is already predicted as the target.
     *
     * @param target the grade that the perturbation aims at
     * @throws IllegalArgumentException if the target is not a grade
     */
    public static Measure towards(int target, ConfusionMatrix changes) {
        if (target < 0 || target >= changes.grades()) {
            throw new IllegalArgumentException(
                    "target is " + target + ", but a grade is 0 to " + (changes.grades() - 1) + ".");
        }
        return Measure.share(
                changes.ofPredicted(target) - changes.count(target, target),
                changes.total() - changes.ofTruth(target),
                "no clean image is predicted as another grade than the target " + target);
    }
}
