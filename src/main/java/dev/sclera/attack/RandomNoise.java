package dev.sclera.attack;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * The control: noise of exactly the norm that an attack may use, which asks no model anything. In L∞ every value is
 * +epsilon or −epsilon with equal chances (a corner of the ball, as gradient attacks end in); in L2 a direction drawn
 * uniformly, of length epsilon.
 */
final class RandomNoise implements Attack {

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String summary() {
        return "Control: random noise of the same norm (signs in L∞, a Gaussian direction in L2)";
    }

    @Override
    public boolean control() {
        return true;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public double defaultStep() {
        return 1;
    }

    @Override
    public Ascent start(Problem problem, float @Nullable [] saved) {
        float[] noise = draw(problem);
        return new Ascent() {
            @Override
            public float[] delta() {
                return noise;
            }

            @Override
            public void step(float[] slope, double progress) {
                throw new IllegalStateException("noise takes no steps");
            }

            @Override
            public float[] save() {
                return noise;
            }
        };
    }

    private static float[] draw(Problem problem) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(problem.seed());
        float[] noise = new float[problem.size()];
        switch (problem.norm()) {
            case LINF -> {
                float epsilon = (float) problem.epsilon();
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = random.nextBoolean() ? epsilon : -epsilon;
                }
            }
            case L2 -> {
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = (float) random.nextGaussian();
                }
                Ball.scale(noise, problem.epsilon() / Ball.euclidean(noise));
            }
        }
        return noise;
    }
}
