package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import java.util.Arrays;

/** A perturbation that pursues a grader, and which way it was going. Mutable. */
final class Pursuer {

    /** The usual momentum. */
    private static final float KEPT = 0.9f;

    private final int height;
    private final int width;
    private final float[] values;
    private final float[] momentum;

    /**
     * One on its way; the arrays become its own.
     *
     * @param values where it is, {@code [h,w,3]}
     * @param momentum the slopes that it has followed, each shrunk to a mean magnitude of 1, and older ones faded
     */
    Pursuer(int height, int width, float[] values, float[] momentum) {
        this.height = height;
        this.width = width;
        this.values = values;
        this.momentum = momentum;
    }

    /** One that is about to set out. */
    static Pursuer from(Delta start) {
        return new Pursuer(start.height(), start.width(), start.values().clone(), new float[start.values().length]);
    }

    /** One that stays as this is now. */
    Pursuer copy() {
        return new Pursuer(height, width, values.clone(), momentum.clone());
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** Where it is; its steps change it. */
    Delta delta() {
        return new Delta(height, width, values);
    }

    /** Not to be written to. */
    float[] momentum() {
        return momentum;
    }

    /** Back to nothing. */
    void restart() {
        Arrays.fill(values, 0);
        Arrays.fill(momentum, 0);
    }

    /**
     * Takes a step, and comes back into the ball.
     *
     * @param slope of the loss, {@code [h,w,3]}
     * @param norm {@code linf}, {@code l2} or {@code l1}
     * @param bound the ball's radius
     * @param step how far, in that norm
     */
    void climb(float[] slope, String norm, double bound, double step) {
        double magnitude = length(slope, 1) / slope.length;
        for (int i = 0; i < momentum.length; i++) {
            // images of which none has a say leave it on its way
            momentum[i] = KEPT * momentum[i] + (magnitude > 0 ? (float) (slope[i] / magnitude) : 0);
        }
        if (norm.equals("linf")) {
            climbBySigns((float) bound, (float) step);
        } else {
            climbAlong(norm.equals("l1") ? 1 : 2, bound, step);
        }
    }

    private void climbBySigns(float bound, float step) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(-bound, Math.min(bound, values[i] + step * Math.signum(momentum[i])));
        }
    }

    private void climbAlong(double power, double bound, double step) {
        double along = length(momentum, power);
        if (along == 0) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (step * momentum[i] / along);
        }
        double length = length(values, power);
        for (int i = 0; i < values.length && length > bound; i++) {
            values[i] *= (float) (bound / length);
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
