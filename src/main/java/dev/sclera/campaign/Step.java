package dev.sclera.campaign;

import dev.sclera.progress.Progress;

/**
 * A piece of a campaign's work, and how much it is.
 *
 * @param stage its kind
 * @param what in words
 * @param model the original that it is about, by which its time is estimated; empty where it is about none
 * @param graded images through one model, forward
 * @param gradients images through one model, forward and backward
 * @param trained images that one model is trained on
 * @param action does it, or finds it done
 */
record Step(Plan.Stage stage, String what, String model, long graded, long gradients, long trained, Action action) {

    /** What is done. */
    @FunctionalInterface
    interface Action {

        void run(Progress progress);
    }
}
