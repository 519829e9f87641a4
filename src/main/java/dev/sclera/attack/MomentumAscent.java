package dev.sclera.attack;

import java.util.Arrays;

/**
 * Steepest ascent with momentum, back into the ball after each step (Dong et al. 2018, <i>Boosting Adversarial Attacks
 * with Momentum</i>, equation 6), the step shrinking linearly to a share of the first: the last steps refine what the
 * first found.
 */
final class MomentumAscent implements Ascent {

    /** The usual momentum. */
    static final float MOMENTUM = 0.9f;

    private static final double LAST_SHARE = 0.1;

    private final Ball ball;
    private final double firstStep;
    private final float momentum;
    private final double lastShare;
    private final float[] delta;
    private final float[] average;

    /** An ascent from δ = 0 with the usual momentum, whose step shrinks to a tenth. */
    MomentumAscent(Problem problem) {
        this(problem, MOMENTUM, LAST_SHARE);
    }

    /**
     * An ascent from δ = 0.
     *
     * @param momentum how much of the average slope stays from step to step, 0 for none
     * @param lastShare what the last step is of the first, 1 for equal steps
     */
    MomentumAscent(Problem problem, float momentum, double lastShare) {
        this.ball = problem.ball();
        this.firstStep = problem.step() * problem.epsilon();
        this.momentum = momentum;
        this.lastShare = lastShare;
        this.delta = new float[problem.size()];
        this.average = new float[problem.size()];
    }

    @Override
    public float[] delta() {
        return delta;
    }

    @Override
    public void step(float[] slope, double progress) {
        double magnitude = 0;
        for (float value : slope) {
            magnitude += Math.abs(value);
        }
        // a batch on which the loss is flat has no say
        float weight = magnitude > 0 ? (float) (slope.length / magnitude) : 0f;
        for (int i = 0; i < average.length; i++) {
            average[i] = momentum * average[i] + weight * slope[i];
        }
        ball.climb(delta, average, firstStep * (1 - (1 - lastShare) * progress));
        ball.project(delta);
    }

    @Override
    public float[] save() {
        float[] state = Arrays.copyOf(delta, 2 * delta.length);
        System.arraycopy(average, 0, state, delta.length, average.length);
        return state;
    }

    @Override
    public void restore(float[] saved) {
        System.arraycopy(saved, 0, delta, 0, delta.length);
        System.arraycopy(saved, delta.length, average, 0, average.length);
    }
}
