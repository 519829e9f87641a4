package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Climber;
import java.util.Arrays;

/**
 * Steepest ascent with momentum, the step shrinking linearly to a share of the first: the last steps refine what the
 * first found.
 */
final class MomentumAscent implements Ascent {

    private static final double LAST_SHARE = 0.1;

    private final Climber climber;
    private final double firstStep;
    private final double lastShare;

    /** An ascent from δ = 0 with the usual momentum, whose step shrinks to a tenth. */
    MomentumAscent(Problem problem) {
        this(problem, Climber.MOMENTUM, LAST_SHARE);
    }

    /**
     * An ascent from δ = 0.
     *
     * @param momentum how much of the average slope stays from step to step, 0 for none
     * @param lastShare what the last step is of the first, 1 for equal steps
     */
    MomentumAscent(Problem problem, float momentum, double lastShare) {
        this.climber = new Climber(problem.ball(), momentum, new float[problem.size()], new float[problem.size()]);
        this.firstStep = problem.step() * problem.epsilon();
        this.lastShare = lastShare;
    }

    @Override
    public float[] delta() {
        return climber.delta();
    }

    @Override
    public void step(float[] slope, double progress) {
        climber.step(slope, firstStep * (1 - (1 - lastShare) * progress));
    }

    /** Back to δ = 0. */
    void restart() {
        climber.restart();
    }

    /** Begins anew at a share of a δ, following no slope as yet. */
    void beginAt(float[] delta, double share) {
        float[] start = delta.clone();
        Ball.scale(start, share);
        climber.restore(start, new float[start.length]);
    }

    @Override
    public float[] save() {
        float[] delta = climber.delta();
        float[] state = Arrays.copyOf(delta, 2 * delta.length);
        System.arraycopy(climber.average(), 0, state, delta.length, delta.length);
        return state;
    }

    @Override
    public void restore(float[] saved) {
        int size = climber.delta().length;
        climber.restore(Arrays.copyOf(saved, size), Arrays.copyOfRange(saved, size, 2 * size));
    }
}
