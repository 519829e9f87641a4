package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The objective that turns grades about a pivot: what is truly below the mean grade is to be graded at the pivot or
 * above, what is truly above the mean at the pivot or below. Where that is reached, grades do not rise with the truth
 * any more, and quadratic-weighted kappa is 0 or less. It asks for less than to have everything graded alike, and for
 * nothing that one δ cannot do, as to have grades change places. Ours.
 *
 * <p>What is climbed is the logarithm of the probability of the grades that are allowed.
 */
final class PivotGrade implements MiniBatchRun.Objective {

    private final int pivot;
    private final int grades;
    private final double mean;

    /**
     * An objective.
     *
     * @param pivot the grade about which the others turn
     * @param truths how many crafting images there are of each grade
     */
    PivotGrade(int pivot, int[] truths) {
        this.pivot = pivot;
        this.grades = truths.length;
        double images = Arrays.stream(truths).sum();
        this.mean = IntStream.range(0, truths.length)
                .mapToDouble(grade -> grade * truths[grade] / images)
                .sum();
    }

    private boolean allowed(int grade, int truth) {
        return truth < mean ? grade >= pivot : grade <= pivot;
    }

    @Override
    public Question of(Batch batch, double progress) {
        int[] truths = batch.truths();
        float[][] allowed = new float[truths.length][grades];
        for (int i = 0; i < truths.length; i++) {
            for (int grade = 0; grade < grades; grade++) {
                allowed[i][grade] = allowed(grade, truths[i]) ? 1 : 0;
            }
        }
        return new Question(new Loss.LogWeightedProbabilities(), truths, model -> allowed);
    }
}
