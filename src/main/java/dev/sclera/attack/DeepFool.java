package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import dev.sclera.gradient.Loss;
import dev.sclera.model.ImageGradients;
import java.util.Optional;

/**
 * The least perturbation that takes one image over the border of its grade: Moosavi-Dezfooli, Fawzi and Frossard 2016,
 * <i>DeepFool: a Simple and Accurate Method to Fool Deep Neural Networks</i>, algorithm 2. Each iteration takes the
 * logits for linear, and goes to the nearest border; for the step to the border of grade k along the steepest direction
 * d, {@code |f_k| / (w_k·d)} (also in norms other than the Euclidean).
 */
final class DeepFool {

    private final Oracle oracle;
    private final Ball unit;
    private final double overshoot;
    private final int iterations;

    /**
     * @param norm in which a perturbation is to be small
     * @param overshoot how much further to go than the border, relative to the way there
     * @param iterations at most
     */
    DeepFool(Oracle oracle, Norm norm, double overshoot, int iterations) {
        this.oracle = oracle;
        this.unit = new Ball(norm, 1);
        this.overshoot = overshoot;
        this.iterations = iterations;
    }

    /** What a model says of images under δ, one evaluation each. */
    ImageGradients.EachResult look(int model, Batch batch, float[] delta) {
        // the slope is of no interest: any row will do, and the graph is the one that the next question wants
        return rows(model, batch, delta, new float[batch.size()][grades(model)]);
    }

    private ImageGradients.EachResult rows(int model, Batch batch, float[] delta, float[][] weights) {
        return oracle.each(
                model, new Question(new Loss.WeightedLogits(), new int[batch.size()], any -> weights), batch, delta);
    }

    private int grades(int model) {
        return oracle.member(model).descriptor().grades();
    }

    /**
     * The least perturbation beyond δ, overshoot included.
     *
     * @param image one image, which the model grades {@code grade} under δ
     * @return {@code [h,w,3]}; empty where the border is not reached within the iterations or the allowance
     */
    Optional<float[]> least(int model, Batch image, int grade, float[] delta) {
        int others = grades(model) - 1;
        float[] least = new float[delta.length];
        for (int iteration = 0; iteration < iterations && oracle.left() >= others; iteration++) {
            ImageGradients.EachResult jacobian =
                    rows(model, image.only(new int[others]), beyond(delta, least), differences(grade, others));
            if (jacobian.grades()[0] != grade) {
                Ball.scale(least, 1 + overshoot);
                return Optional.of(least);
            }
            if (!approach(jacobian, grade, least)) {
                return Optional.empty();
            }
        }
        if (oracle.left() == 0) {
            return Optional.empty();
        }
        boolean fooled = look(model, image, beyond(delta, least)).grades()[0] != grade;
        Ball.scale(least, 1 + overshoot);
        return fooled ? Optional.of(least) : Optional.empty();
    }

    private float[] beyond(float[] delta, float[] least) {
        float[] moved = delta.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) ((1 + overshoot) * least[i]);
        }
        return moved;
    }

    /** One row per other grade: its logit's slope less that of the image's grade. */
    private static float[][] differences(int grade, int others) {
        float[][] weights = new float[others][others + 1];
        for (int row = 0; row < others; row++) {
            weights[row][other(row, grade)] = 1;
            weights[row][grade] = -1;
        }
        return weights;
    }

    private static int other(int row, int grade) {
        return row < grade ? row : row + 1;
    }

    /** Adds the step to the nearest border; false where no border is in sight. */
    private boolean approach(ImageGradients.EachResult jacobian, int grade, float[] least) {
        float[] nearest = null;
        double shortest = Double.POSITIVE_INFINITY;
        for (int row = 0; row < jacobian.gradients().length; row++) {
            float[] slope = jacobian.gradients()[row];
            float[] direction = new float[slope.length];
            unit.climb(direction, slope, 1);
            double steepness = dot(direction, slope);
            double lead = jacobian.logits()[row][grade] - jacobian.logits()[row][other(row, grade)];
            if (steepness > 0 && lead / steepness < shortest) {
                shortest = lead / steepness;
                nearest = direction;
            }
        }
        if (nearest == null) {
            return false;
        }
        for (int i = 0; i < least.length; i++) {
            least[i] += (float) (shortest * nearest[i]);
        }
        return true;
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[i];
        }
        return sum;
    }
}
