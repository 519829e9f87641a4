package dev.sclera.attack;

import dev.sclera.ascent.Norm;
import java.util.random.RandomGenerator;

/**
 * The control: noise of exactly the norm that an attack may use, which asks no model anything. In L∞ every value is
 * +epsilon or −epsilon with equal chances (a corner of the ball, as gradient attacks end in); in L2 a direction drawn
 * uniformly, of length epsilon; in L1 the same direction, of that L1 length.
 */
final class RandomNoise extends Noise {

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String summary() {
        return "Control: random noise of the same norm (signs in L∞, a Gaussian direction in L2 and L1)";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    float[] draw(Problem problem) {
        RandomGenerator random = generator(problem);
        float[] noise = new float[problem.size()];
        if (problem.norm() == Norm.LINF) {
            float epsilon = (float) problem.epsilon();
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextBoolean() ? epsilon : -epsilon;
            }
            return noise;
        }
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        problem.ball().extend(noise);
        return noise;
    }
}
