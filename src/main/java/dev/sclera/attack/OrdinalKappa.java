package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import dev.sclera.model.Grade;
import dev.sclera.model.ModelDescriptor;
import java.util.Arrays;

/**
 * The objective that lowers quadratic-weighted kappa itself. With the classifier's probabilities in place of its
 * answers, kappa is {@code 1 − N/D}: N the mean squared distance between answer and truth, D the same between answers
 * and truths that are paired at random (Cohen 1968, <i>Weighted kappa: Nominal scale agreement with provision for
 * scaled disagreement or partial credit</i>). The slope of N/D with respect to the probability that image i is graded j
 * is, up to a positive factor, the cost
 *
 * <pre>{@code (j − y_i)² − (N/D) · mean_k (j − y_k)²}</pre>
 *
 * so each batch climbs the expected cost of its answers. The second term is what a plain squared distance lacks: it
 * tells grading everything alike, which is worthless, from grading the other way round, which is worse. Of images of
 * one grade alone there is no kappa; there the plain squared distance is climbed.
 *
 * <p>N and D are averages over the batches so far, and the truths' distribution is that of the crafting images.
 */
final class OrdinalKappa implements MiniBatchRun.Objective {

    /** How much of N and D stays from batch to batch. */
    private static final double MEMORY = 0.9;

    private final boolean logarithmic;
    private final double offset;
    private final boolean oneGrade;
    private final double[] chanceCost;
    private final double[] observed;
    private final double[] expected;

    /**
     * An objective.
     *
     * @param logarithmic whether the logarithm of each image's expected cost is climbed, not the cost
     * @param truths how many crafting images there are of each grade
     * @param models how many models are under attack
     */
    OrdinalKappa(boolean logarithmic, int[] truths, int models) {
        this(logarithmic, 0, truths, models);
    }

    /**
     * An objective.
     *
     * @param logarithmic whether the logarithm of each image's expected cost is climbed, not the cost
     * @param offset what every answer costs on top, at least 0. It matters to the logarithm alone: the larger it is,
     *     the less an image counts whose cost is nearly nought, which few of the δ within a small bound can change
     * @param truths how many crafting images there are of each grade
     * @param models how many models are under attack
     */
    OrdinalKappa(boolean logarithmic, double offset, int[] truths, int models) {
        this.logarithmic = logarithmic;
        this.offset = offset;
        this.observed = new double[models];
        this.expected = new double[models];
        this.chanceCost = new double[truths.length];
        this.oneGrade = Arrays.stream(truths).filter(count -> count > 0).count() == 1;
        double images = Arrays.stream(truths).sum();
        for (int grade = 0; grade < truths.length; grade++) {
            for (int truth = 0; truth < truths.length; truth++) {
                chanceCost[grade] += truths[truth] / images * square(grade - truth);
            }
        }
    }

    @Override
    public Question of(Batch batch, double progress) {
        int[] truths = batch.truths();
        Loss loss = logarithmic ? new Loss.LogWeightedProbabilities() : new Loss.WeightedProbabilities();
        return new Question(loss, truths, model -> costs(truths, ratio(model)));
    }

    private float[][] costs(int[] truths, double ratio) {
        float[][] costs = new float[truths.length][chanceCost.length];
        for (int i = 0; i < truths.length; i++) {
            for (int grade = 0; grade < chanceCost.length; grade++) {
                costs[i][grade] = (float) (square(grade - truths[i]) - ratio * chanceCost[grade]);
            }
            // what all answers cost alike is no reason for any
            float least = Float.POSITIVE_INFINITY;
            for (float cost : costs[i]) {
                least = Math.min(least, cost);
            }
            for (int grade = 0; grade < chanceCost.length; grade++) {
                costs[i][grade] += (float) offset - least;
            }
        }
        return costs;
    }

    /** N/D, which is 0 where every answer is right; before the first batch too. With one grade it would always be 1. */
    private double ratio(int model) {
        return oneGrade || expected[model] == 0 ? 0 : observed[model] / expected[model];
    }

    /** The quadratic-weighted kappa of the batches so far, the mean over the models; 1 before the first. */
    double kappa() {
        double sum = 0;
        for (int model = 0; model < observed.length; model++) {
            sum += 1 - ratio(model);
        }
        return sum / observed.length;
    }

    @Override
    public void answered(Batch batch, Oracle.Slope slope) {
        int[] truths = batch.truths();
        for (int model = 0; model < observed.length; model++) {
            double distance = 0;
            double byChance = 0;
            for (int i = 0; i < truths.length; i++) {
                double[] probabilities = Grade.of(slope.logits().get(model)[i], ModelDescriptor.OutputKind.LOGITS)
                        .probabilities();
                for (int grade = 0; grade < chanceCost.length; grade++) {
                    distance += probabilities[grade] * square(grade - truths[i]) / truths.length;
                    byChance += probabilities[grade] * chanceCost[grade] / truths.length;
                }
            }
            observed[model] = MEMORY * observed[model] + (1 - MEMORY) * distance;
            expected[model] = MEMORY * expected[model] + (1 - MEMORY) * byChance;
        }
    }

    private static double square(double value) {
        return value * value;
    }

    @Override
    public float[] save() {
        return Saved.join(Saved.doubles(observed), Saved.doubles(expected));
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 2);
        System.arraycopy(Saved.doubles(parts[0]), 0, observed, 0, observed.length);
        System.arraycopy(Saved.doubles(parts[1]), 0, expected, 0, expected.length);
    }
}
