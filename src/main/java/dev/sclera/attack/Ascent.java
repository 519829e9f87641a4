package dev.sclera.attack;

/** How δ follows slopes. Not safe for use by several threads. */
interface Ascent {

    /** δ as it is now; within the bound, and not to be written to. */
    float[] delta();

    /**
     * Moves δ so as to raise the objective.
     *
     * @param slope ∂objective/∂δ, summed over the images of the step
     * @param progress how much of the run was done before this step, 0 to 1
     */
    void step(float[] slope, double progress);

    /** All that a later run needs to go on from here with the same result. */
    float[] save();

    /** Takes up what {@link #save} gave. */
    void restore(float[] saved);
}
