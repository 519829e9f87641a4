package dev.sclera.attack;

import dev.sclera.ascent.Norm;
import java.util.SplittableRandom;

/** Problems, slopes and runs for tests. */
final class Problems {

    static final int SIDE = 10;
    static final int SIZE = SIDE * SIDE * 3;

    private Problems() {}

    static Problem of(Norm norm, double epsilon) {
        return of(norm, epsilon, 7);
    }

    static Problem of(Norm norm, double epsilon, long seed) {
        return of(norm, epsilon, seed, Options.none());
    }

    static Problem of(Norm norm, double epsilon, long seed, Options options) {
        return new Problem(SIDE, SIDE, norm, epsilon, null, 8, 0.1, 100, options, seed);
    }

    /** Seeded values between −1 and 1. */
    static float[] slope(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] slope = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            slope[i] = (float) (2 * random.nextDouble() - 1);
        }
        return slope;
    }
}
