package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import java.util.Arrays;

/**
 * A perturbation that pursues a grader, and which way it was going. Its values change.
 *
 * @param delta where it is
 * @param momentum the slopes that it has followed, each shrunk to a mean magnitude of 1, and older ones faded
 */
record Pursuer(Delta delta, Delta momentum) {

    /** The usual momentum. */
    private static final float KEPT = 0.9f;

    /** One that is about to set out. */
    static Pursuer from(Delta start) {
        return new Pursuer(copy(start), new Delta(start.height(), start.width(), new float[start.values().length]));
    }

    /** A copy that keeps its values. */
    Pursuer copy() {
        return new Pursuer(copy(delta), copy(momentum));
    }

    private static Delta copy(Delta delta) {
        return new Delta(delta.height(), delta.width(), delta.values().clone());
    }

    /** Back to nothing. */
    void restart() {
        Arrays.fill(delta.values(), 0);
        Arrays.fill(momentum.values(), 0);
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
        float[] way = momentum.values();
        double magnitude = length(slope, 1) / slope.length;
        // images of which none has a say leave it on its way
        float weight = magnitude > 0 ? (float) (1 / magnitude) : 0;
        for (int i = 0; i < way.length; i++) {
            way[i] = KEPT * way[i] + weight * slope[i];
        }
        if (norm.equals("linf")) {
            climbBySigns((float) bound, (float) step);
        } else {
            climbAlong(norm.equals("l1") ? 1 : 2, bound, step);
        }
    }

    private void climbBySigns(float bound, float step) {
        float[] values = delta.values();
        float[] way = momentum.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(-bound, Math.min(bound, values[i] + step * Math.signum(way[i])));
        }
    }

    private void climbAlong(double power, double bound, double step) {
        float[] values = delta.values();
        float[] way = momentum.values();
        double along = length(way, power);
        if (along == 0) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (step * way[i] / along);
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
