package dev.sclera.defense;

import java.util.SplittableRandom;

/** Randomness by place: what is drawn where depends on the seed and the place alone, not on what was drawn before. */
final class Seeded {

    /** What randomness is for; a purpose's numbers say nothing of another's. */
    enum Purpose {
        ORDER,
        AUGMENTATION,
        PERTURBATION,
        HOLDOUT
    }

    private Seeded() {}

    /** A generator of its own for a place. */
    static SplittableRandom at(long seed, Purpose purpose, long... place) {
        long mixed = mix(mix(seed) + purpose.ordinal());
        for (long part : place) {
            mixed = mix(mixed + part);
        }
        return new SplittableRandom(mixed);
    }

    /** A random order of {@code 0 … count-1} (Fisher and Yates). */
    static int[] order(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private static long mix(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
