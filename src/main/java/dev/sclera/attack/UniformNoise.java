package dev.sclera.attack;

import java.util.random.RandomGenerator;

/**
 * A control: every value drawn independently and uniformly between −1 and 1, and all scaled alike so that δ has exactly
 * the bound's norm; in L∞ the largest magnitude is epsilon. Weaker than {@code random} in L∞, whose values are all at
 * the bound, and what many papers call random noise.
 */
final class UniformNoise extends Noise {

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public String summary() {
        return "Control: uniform noise, scaled to the same norm";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    float[] draw(Problem problem) {
        return within(problem);
    }

    /** Such noise, as a start for attacks too. */
    static float[] within(Problem problem) {
        RandomGenerator random = generator(problem);
        float[] noise = new float[problem.size()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (2 * random.nextDouble() - 1);
        }
        problem.ball().extend(noise);
        // rounding may have left it a hair outside
        problem.ball().project(noise);
        return noise;
    }
}
