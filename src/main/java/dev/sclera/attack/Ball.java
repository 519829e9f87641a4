package dev.sclera.attack;

/** The perturbations within epsilon of none, and the steepest way up within such a norm. */
final class Ball {

    private final Norm norm;
    private final double radius;

    Ball(Norm norm, double radius) {
        this.norm = norm;
        this.radius = radius;
    }

    /** Moves δ to the nearest point of the ball. */
    void project(float[] delta) {
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
        }
    }

    /** Adds to δ the step of the given length, in this norm, that raises a function with this slope the most. */
    void climb(float[] delta, float[] slope, double length) {
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
        }
    }

    static double euclidean(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    static void scale(float[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) factor;
        }
    }
}
