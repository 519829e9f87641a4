package dev.sclera.attack;

import org.jspecify.annotations.Nullable;

/** One algorithm that crafts universal perturbations. Stateless: what a run remembers is in its {@link Ascent}. */
interface Attack {

    /** The name by which it is asked for, for example {@code pgd}. */
    String name();

    /** One sentence for people: what it does, and the paper it is from. */
    String summary();

    /** Whether it is a control: noise that asks no model anything. */
    default boolean control() {
        return false;
    }

    /** The version of the algorithm; a change of what it computes is another one, and so another recipe. */
    int version();

    /** The step size relative to epsilon where the specification leaves it open. */
    double defaultStep();

    /**
     * Starts a run.
     *
     * @param problem what to craft
     * @param saved the state of an interrupted run of the same problem, or null to start afresh
     */
    Ascent start(Problem problem, float @Nullable [] saved);

    /**
     * What to craft, apart from model and images.
     *
     * @param size how many values δ has: {@code h·w·3}
     * @param norm the norm of the bound
     * @param epsilon the bound
     * @param step the step size relative to epsilon
     * @param seed of everything random
     */
    record Problem(int size, Norm norm, double epsilon, double step, long seed) {}

    /** A run: δ, and what the algorithm remembers from step to step. Not safe for use by several threads. */
    interface Ascent {

        /** δ as it is now; within the bound, and not to be written to. */
        float[] delta();

        /**
         * Moves δ so as to raise the objective.
         *
         * @param slope ∂objective/∂δ, summed over the images of the step
         * @param progress how much of the run is done before this step, 0 to 1
         */
        void step(float[] slope, double progress);

        /** All that a later run needs to go on from here with the same result. */
        float[] save();
    }
}
