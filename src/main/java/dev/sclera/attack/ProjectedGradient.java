package dev.sclera.attack;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Universal perturbations by mini-batch projected gradient ascent: each step follows the slope of the loss over one
 * mini-batch, and goes back into the ball of radius epsilon. Shafahi et al. 2020, <i>Universal Adversarial
 * Training</i>, algorithm 2 (the loss clamped, so that no single image dominates); Deng and Karam 2020, <i>Universal
 * Adversarial Attack Via Enhanced Projected Gradient Descent</i> (the sign as the steepest step in L∞).
 *
 * <p>Two choices of ours, both common for attacks on single images: the slope is averaged over steps with momentum
 * (Dong et al. 2018, equation 6), and the step shrinks linearly to a tenth, so that the last steps refine what the
 * first found.
 */
final class ProjectedGradient implements Attack {

    private static final float MOMENTUM = 0.9f;

    private static final double LAST_STEP = 0.1;

    @Override
    public String name() {
        return "pgd";
    }

    @Override
    public String summary() {
        return "Mini-batch projected gradient ascent on the clamped loss (Shafahi et al. 2020; Deng & Karam 2020)";
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public double defaultStep() {
        return 0.1;
    }

    @Override
    public Ascent start(Problem problem, float @Nullable [] saved) {
        return new Momentum(problem, saved);
    }

    private static final class Momentum implements Ascent {

        private final Ball ball;
        private final double firstStep;
        private final float[] delta;
        private final float[] average;

        Momentum(Problem problem, float @Nullable [] saved) {
            int size = problem.size();
            this.ball = new Ball(problem.norm(), problem.epsilon());
            this.firstStep = problem.step() * problem.epsilon();
            this.delta = saved == null ? new float[size] : Arrays.copyOf(saved, size);
            this.average = saved == null ? new float[size] : Arrays.copyOfRange(saved, size, 2 * size);
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
            // a batch on which the clamped loss is flat has no say
            float weight = magnitude > 0 ? (float) (slope.length / magnitude) : 0f;
            for (int i = 0; i < average.length; i++) {
                average[i] = MOMENTUM * average[i] + weight * slope[i];
            }
            ball.climb(delta, average, firstStep * (1 - (1 - LAST_STEP) * progress));
            ball.project(delta);
        }

        @Override
        public float[] save() {
            float[] state = Arrays.copyOf(delta, 2 * delta.length);
            System.arraycopy(average, 0, state, delta.length, average.length);
            return state;
        }
    }
}
