package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Norm;
import org.jspecify.annotations.Nullable;

/**
 * What to craft, apart from models and images; all defaults are filled in.
 *
 * @param height rows of δ
 * @param width columns of δ
 * @param norm the norm of the bound
 * @param epsilon the bound
 * @param target the grade to aim at, or null for untargeted
 * @param batch images per step
 * @param step the step size relative to epsilon
 * @param allowance how many evaluations the run may ask for, see {@link CraftSettings#budget()}
 * @param options what is set of this attack alone
 * @param seed of everything random
 */
record Problem(
        int height,
        int width,
        Norm norm,
        double epsilon,
        @Nullable Integer target,
        int batch,
        double step,
        long allowance,
        Options options,
        long seed) {

    /** How many values δ has. */
    int size() {
        return height * width * 3;
    }

    /** This problem with another step size. */
    Problem withStep(double other) {
        return new Problem(height, width, norm, epsilon, target, batch, other, allowance, options, seed);
    }

    Ball ball() {
        return new Ball(norm, epsilon);
    }
}
