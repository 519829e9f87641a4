package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import java.util.Arrays;

/**
 * Adam (Kingma and Ba 2015, <i>Adam: A Method for Stochastic Optimization</i>, algorithm 1, with its β₁ = 0.9, β₂ =
 * 0.999), back into the ball after each step. In L∞ its learning rate is the step; in other norms it is divided by the
 * norm of a vector of ones, so that a step has about the same share of epsilon in each.
 */
final class AdamAscent implements Ascent {

    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double LEAST_DEVIATION = 1e-8;

    private final Ball ball;
    private final double rate;
    private final double lastShare;
    private final float[] delta;
    private final float[] mean;
    private final float[] square;
    private int steps;

    /**
     * An ascent from δ = 0.
     *
     * @param lastShare what the last learning rate is of the first, to which it shrinks linearly; 1 for equal ones
     */
    AdamAscent(Problem problem, double lastShare) {
        this(problem, lastShare, new float[problem.size()]);
    }

    /** @param start where δ starts, within the ball; becomes δ */
    AdamAscent(Problem problem, double lastShare, float[] start) {
        this.ball = problem.ball();
        this.lastShare = lastShare;
        this.delta = start;
        this.mean = new float[problem.size()];
        this.square = new float[problem.size()];
        float[] ones = new float[problem.size()];
        Arrays.fill(ones, 1);
        this.rate = problem.step() * problem.epsilon() / ball.norm(ones);
    }

    @Override
    public float[] delta() {
        return delta;
    }

    @Override
    public void step(float[] slope, double progress) {
        steps++;
        double length = rate * (1 - (1 - lastShare) * progress) / (1 - Math.pow(FIRST_DECAY, steps));
        double correction = 1 - Math.pow(SECOND_DECAY, steps);
        for (int i = 0; i < delta.length; i++) {
            mean[i] = (float) (FIRST_DECAY * mean[i] + (1 - FIRST_DECAY) * slope[i]);
            square[i] = (float) (SECOND_DECAY * square[i] + (1 - SECOND_DECAY) * slope[i] * slope[i]);
            delta[i] += (float) (length * mean[i] / (Math.sqrt(square[i] / correction) + LEAST_DEVIATION));
        }
        ball.project(delta);
    }

    /** Makes δ smaller, and goes on from there. */
    void shrink(double factor) {
        Ball.scale(delta, factor);
    }

    @Override
    public float[] save() {
        return Saved.join(delta, mean, square, new float[] {Float.intBitsToFloat(steps)});
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 4);
        System.arraycopy(parts[0], 0, delta, 0, delta.length);
        System.arraycopy(parts[1], 0, mean, 0, mean.length);
        System.arraycopy(parts[2], 0, square, 0, square.length);
        steps = Float.floatToRawIntBits(parts[3][0]);
    }
}
