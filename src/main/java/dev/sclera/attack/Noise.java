package dev.sclera.attack;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A control: noise that is drawn at once, and asks no model anything. */
abstract class Noise implements Attack {

    /** Draws δ, of exactly the bound's norm. */
    abstract float[] draw(Problem problem);

    /** Of all that is drawn for a problem. */
    static RandomGenerator generator(Problem problem) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(problem.seed());
    }

    @Override
    public final Access access() {
        return Access.CONTROL;
    }

    @Override
    public final boolean takesTarget() {
        return false;
    }

    @Override
    public final double defaultStep() {
        return 1;
    }

    @Override
    public final Run start(Problem problem, Oracle oracle, CraftingImages images) {
        float[] noise = draw(problem);
        return new Run() {
            @Override
            public float[] delta() {
                return noise;
            }

            @Override
            public Turn turn(long index) {
                throw new IllegalStateException("noise takes no turns");
            }

            @Override
            public boolean done() {
                return true;
            }

            @Override
            public float[] save() {
                return new float[0];
            }

            @Override
            public void restore(float[] saved) {
                // it is drawn anew from the seed
            }
        };
    }
}
