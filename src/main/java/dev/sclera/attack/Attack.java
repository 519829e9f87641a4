package dev.sclera.attack;

/** One algorithm that crafts universal perturbations. Stateless: what a run remembers is in its {@link Run}. */
interface Attack {

    /** The name by which it is asked for, for example {@code pgd}. */
    String name();

    /** One sentence for people: what it does, and the paper it is from. */
    String summary();

    /** What it needs. */
    Access access();

    /** The version of the algorithm; a change of what it computes is another one, and so another recipe. */
    int version();

    /** What can be set of it beside what can be set of all attacks. */
    default Options options() {
        return Options.none();
    }

    /** Whether it can aim at a grade. */
    default boolean takesTarget() {
        return true;
    }

    /**
     * Whether each turn asks about all images of a mini-batch, under δ itself: what they are graded as is then a hint
     * at what δ does to all.
     */
    default boolean batchesSpeakForAll() {
        return false;
    }

    /** How much it asks of each crafting image where nobody says; see {@link CraftSettings#passes()}. */
    default int defaultPasses() {
        return 3;
    }

    /** Images per step where nobody says. */
    default int defaultBatch() {
        return 32;
    }

    /** The step size relative to epsilon where nobody says. */
    double defaultStep();

    /**
     * Starts a run.
     *
     * @param problem what to craft
     * @param oracle answers what is asked of the models
     * @param images the crafting images; a control or a data-free attack looks at their size alone
     */
    Run start(Problem problem, Oracle oracle, CraftingImages images);

    /** A perturbation in the making. Not safe for use by several threads. */
    interface Run {

        /** δ as it is now, {@code [h,w,3]}; within the bound, and not to be written to. */
        float[] delta();

        /**
         * One turn: as much as is done before the clock is asked again, for example one mini-batch.
         *
         * @param index how many turns were taken before; with what {@link #restore} brought back it determines the turn
         */
        Turn turn(long index);

        /** Whether there is nothing left to do, whatever is left of the budget. */
        default boolean done() {
            return false;
        }

        /** All that a later run needs, beside the number of turns, to go on from here with the same result. */
        float[] save();

        /** Takes up what {@link #save} gave. */
        void restore(float[] saved);
    }

    /**
     * What a turn came to: for the learning curve, and for when to stop.
     *
     * @param images how many images it counts for
     * @param loss the sum of what the attack drives up or down
     * @param fooled how many of the images were graded otherwise than clean; a fraction where several models answer,
     *     NaN where no image was looked at
     */
    record Turn(int images, double loss, double fooled) {}
}
