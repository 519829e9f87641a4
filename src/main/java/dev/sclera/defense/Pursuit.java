package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Perturbations that pursue the grader while it is trained on them: after each step those that were in it climb the
 * slope of its loss, which the same backward pass tells (universal adversarial training, Shafahi et al. 2020, algorithm
 * 3). A grader that learns to withstand a fixed δ may fall to the next one; this one is the next one all the time. That
 * pixels end at black and white, and are rounded, is left out of the slope. Mutable.
 */
final class Pursuit {

    private final List<Perturbation> perturbations;
    private final double pace;
    private final List<float[]> values = new ArrayList<>();
    private final List<float[]> slopes = new ArrayList<>();
    private final int height;
    private final int width;

    /**
     * A pursuit.
     *
     * @param pace of a step, in units of epsilon; 0 for none
     * @param present where the perturbations are
     */
    Pursuit(List<Perturbation> perturbations, double pace, List<Delta> present) {
        this.perturbations = perturbations;
        this.pace = pace;
        height = present.isEmpty() ? 0 : present.get(0).height();
        width = present.isEmpty() ? 0 : present.get(0).width();
        for (Delta delta : present) {
            values.add(delta.values().clone());
            slopes.add(new float[delta.values().length]);
        }
    }

    /** Whether perturbations move at all. */
    boolean moves() {
        return pace > 0;
    }

    /** Copies of the perturbations as they are. */
    List<Delta> saved() {
        return values.stream()
                .map(value -> new Delta(height, width, value.clone()))
                .toList();
    }

    /** The perturbations; each step changes them. */
    List<Delta> present() {
        return values.stream().map(value -> new Delta(height, width, value)).toList();
    }

    /**
     * Takes the slope of the loss with respect to an image that a perturbation was added to.
     *
     * @param number of the perturbation
     * @param slope {@code [h,w,3]}, not kept
     */
    void take(int number, Variation variation, float[] slope) {
        float[] sum = slopes.get(number);
        float factor = (float) variation.factor();
        variation.pairs(height, width, (inDelta, inImage) -> sum[inDelta] += factor * slope[inImage]);
    }

    /** Moves the perturbations whose slopes were taken, and forgets these. */
    void climb() {
        for (int i = 0; i < values.size(); i++) {
            Perturbation perturbation = perturbations.get(i);
            float[] value = values.get(i);
            float[] slope = slopes.get(i);
            double bound = perturbation.epsilon();
            if (perturbation.norm().equals("linf")) {
                climb(value, slope, (float) (pace * bound), (float) bound);
            } else {
                double power = perturbation.norm().equals("l1") ? 1 : 2;
                double length = length(slope, power);
                if (length > 0) {
                    climb(value, slope, pace * bound / length, bound, power);
                }
            }
            Arrays.fill(slope, 0);
        }
    }

    private static void climb(float[] value, float[] slope, float step, float bound) {
        for (int i = 0; i < value.length; i++) {
            value[i] = Math.max(-bound, Math.min(bound, value[i] + step * Math.signum(slope[i])));
        }
    }

    private static void climb(float[] value, float[] slope, double step, double bound, double power) {
        for (int i = 0; i < value.length; i++) {
            value[i] += (float) (step * slope[i]);
        }
        double length = length(value, power);
        for (int i = 0; i < value.length && length > bound; i++) {
            value[i] *= (float) (bound / length);
        }
    }

    private static double length(float[] values, double power) {
        double sum = 0;
        for (float value : values) {
            sum += power == 1 ? Math.abs(value) : (double) value * value;
        }
        return power == 1 ? sum : Math.sqrt(sum);
    }
}
