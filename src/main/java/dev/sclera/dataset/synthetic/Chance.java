package dev.sclera.dataset.synthetic;

import java.util.List;
import java.util.SplittableRandom;

/** Draws from a seed, in the terms that an eye is described in. */
final class Chance {

    private final SplittableRandom random;

    Chance(SplittableRandom random) {
        this.random = random;
    }

    /** Draws that do not depend on how much is drawn here afterwards. */
    Chance apart() {
        return new Chance(random.split());
    }

    Noise noise() {
        return new Noise(random.split());
    }

    /** Evenly between two bounds. */
    double between(double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    /** A whole number, both bounds included. */
    int count(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    boolean withProbability(double probability) {
        return random.nextDouble() < probability;
    }

    int sign() {
        return random.nextBoolean() ? 1 : -1;
    }

    /** A normal deviate, but never beyond three. */
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return Math.max(-3, Math.min(3, sum));
    }

    /** The same, quicker and coarser: for what is drawn a hundred thousand times. */
    double roughlyNormal() {
        long bits = random.nextLong();
        int sum = (int) (bits & 0xffff)
                + (int) (bits >>> 16 & 0xffff)
                + (int) (bits >>> 32 & 0xffff)
                + (int) (bits >>> 48 & 0xffff);
        return (sum - 131070) / 37837.0;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
