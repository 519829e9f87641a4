package dev.sclera.ascent;

import java.util.Arrays;

/**
 * A perturbation that climbs with momentum, and is back in its ball after each step (Dong et al. 2018, <i>Boosting
 * Adversarial Attacks with Momentum</i>, equation 6). Mutable.
 */
public final class Climber {

    /** The usual momentum. */
    public static final float MOMENTUM = 0.9f;

    private final Ball ball;
    private final float momentum;
    private final float[] delta;
    private final float[] average;

    /**
     * One on its way; the arrays become its own.
     *
     * @param ball that it stays in
     * @param momentum how much of the average slope stays from step to step, 0 for none
     * @param delta where it is
     * @param average the slopes that it has followed, each brought to a mean magnitude of 1, and older ones faded
     */
    public Climber(Ball ball, float momentum, float[] delta, float[] average) {
        if (delta.length != average.length) {
            throw new IllegalArgumentException(
                    "a perturbation of %d values has no average of %d".formatted(delta.length, average.length));
        }
        this.ball = ball;
        this.momentum = momentum;
        this.delta = delta;
        this.average = average;
    }

    /** Where it is; its steps change it, and nobody else is to write to it. */
    public float[] delta() {
        return delta;
    }

    /** The average of the slopes; not to be written to. */
    public float[] average() {
        return average;
    }

    /**
     * Takes a step. Where the slope is flat, as on images of which none has a say, it goes on as it was going.
     *
     * @param slope of what is to be raised
     * @param length of the step, in the ball's norm
     */
    public void step(float[] slope, double length) {
        double magnitude = 0;
        for (float value : slope) {
            magnitude += Math.abs(value);
        }
        float weight = magnitude > 0 ? (float) (slope.length / magnitude) : 0f;
        for (int i = 0; i < average.length; i++) {
            average[i] = momentum * average[i] + weight * slope[i];
        }
        ball.climb(delta, average, length);
        ball.project(delta);
    }

    /** Goes to where another was, as {@link #delta} and {@link #average} told. */
    public void restore(float[] otherDelta, float[] otherAverage) {
        System.arraycopy(otherDelta, 0, delta, 0, delta.length);
        System.arraycopy(otherAverage, 0, average, 0, average.length);
    }

    /** Back to nothing. */
    public void restart() {
        Arrays.fill(delta, 0);
        Arrays.fill(average, 0);
    }
}
