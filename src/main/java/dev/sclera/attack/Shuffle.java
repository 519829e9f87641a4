package dev.sclera.attack;

import java.util.SplittableRandom;

/** Seeded orders. */
final class Shuffle {

    private Shuffle() {}

    /**
     * A random order of {@code 0 … count-1} (Fisher and Yates), determined by the seed and by what is ordered when.
     *
     * @param pass which pass over the images
     * @param what which of the pass' orders
     */
    static int[] of(int count, long seed, int pass, int what) {
        SplittableRandom random = generator(seed, pass, what);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** A generator of its own for each purpose: a run that resumes need not draw what was drawn before. */
    static SplittableRandom generator(long seed, long pass, int what) {
        return new SplittableRandom(mix(mix(mix(seed) + pass) + what));
    }

    private static long mix(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
