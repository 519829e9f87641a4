package dev.sclera.ascent;

import java.util.Arrays;

/** The perturbations within epsilon of none, and the steepest way up within such a norm. */
public final class Ball {

    /** The share of the values that a step in L1 moves. */
    private static final double L1_SHARE = 0.01;

    private final Norm norm;
    private final double radius;

    /**
     * A ball.
     *
     * @param radius in the norm, in units of the full pixel range
     */
    public Ball(Norm norm, double radius) {
        this.norm = norm;
        this.radius = radius;
    }

    /** Moves δ to the nearest point of the ball. */
    public void project(float[] delta) {
        switch (norm) {
            case LINF -> {
                float bound = (float) radius;
                for (int i = 0; i < delta.length; i++) {
                    delta[i] = Math.max(-bound, Math.min(bound, delta[i]));
                }
            }
            case L2 -> {
                double length = euclidean(delta);
                if (length > radius) {
                    scale(delta, radius / length);
                }
            }
            case L1 -> projectL1(delta);
        }
    }

    /**
     * Shrinks all magnitudes by the same amount, none below 0, so that their sum is the radius (Duchi et al. 2008,
     * <i>Efficient Projections onto the l1-Ball for Learning in High Dimensions</i>, figure 1).
     */
    private void projectL1(float[] delta) {
        if (sum(delta) <= radius) {
            return;
        }
        float[] sorted = new float[delta.length];
        for (int i = 0; i < delta.length; i++) {
            sorted[i] = Math.abs(delta[i]);
        }
        Arrays.sort(sorted);
        double sum = 0;
        double shrink = 0;
        for (int kept = 1; kept <= sorted.length; kept++) {
            double magnitude = sorted[sorted.length - kept];
            sum += magnitude;
            double candidate = (sum - radius) / kept;
            if (magnitude <= candidate) {
                break;
            }
            shrink = candidate;
        }
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (float) (Math.signum(delta[i]) * Math.max(0, Math.abs(delta[i]) - shrink));
        }
    }

    /**
     * Adds to δ the step of the given length, in this norm, that raises a function with this slope the most. In L1 the
     * very steepest step moves one value alone; here it is shared evenly among the hundredth of the values with the
     * largest slopes (Tramèr and Boneh 2019, <i>Adversarial Training and Robustness for Multiple Perturbations</i>).
     */
    public void climb(float[] delta, float[] slope, double length) {
        switch (norm) {
            case LINF -> {
                for (int i = 0; i < delta.length; i++) {
                    delta[i] += (float) (length * Math.signum(slope[i]));
                }
            }
            case L2 -> {
                double steepness = euclidean(slope);
                if (steepness > 0) {
                    float factor = (float) (length / steepness);
                    for (int i = 0; i < delta.length; i++) {
                        delta[i] += factor * slope[i];
                    }
                }
            }
            case L1 -> {
                float[] magnitudes = new float[slope.length];
                for (int i = 0; i < slope.length; i++) {
                    magnitudes[i] = Math.abs(slope[i]);
                }
                Arrays.sort(magnitudes);
                int count = Math.max(1, (int) (L1_SHARE * slope.length));
                float least = Math.max(magnitudes[slope.length - count], Float.MIN_VALUE);
                for (int i = 0; i < delta.length; i++) {
                    if (Math.abs(slope[i]) >= least) {
                        delta[i] += (float) (length / count * Math.signum(slope[i]));
                    }
                }
            }
        }
    }

    /** Moves δ out to the edge: in L∞ each value by itself, into a corner; else all by one factor. */
    public void fill(float[] delta) {
        if (norm == Norm.LINF) {
            for (int i = 0; i < delta.length; i++) {
                delta[i] = (float) radius * Math.signum(delta[i]);
            }
        } else {
            extend(delta);
        }
    }

    /** Scales values that are not all 0 so that their norm is the radius. */
    public void extend(float[] values) {
        double size = norm(values);
        if (size > 0) {
            scale(values, radius / size);
        }
    }

    /** The size of values in this norm. */
    public double norm(float[] values) {
        return switch (norm) {
            case LINF -> largest(values);
            case L2 -> euclidean(values);
            case L1 -> sum(values);
        };
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }

    public static double euclidean(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    public static void scale(float[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) factor;
        }
    }
}
