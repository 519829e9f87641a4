package dev.sclera.campaign;

import dev.sclera.campaign.StepResult.Made;
import dev.sclera.progress.Progress;
import java.util.List;

/**
 * A piece of a campaign's work, and how much it is.
 *
 * @param id its place among the steps, and its kind; ids sort as the steps do
 * @param stage its kind
 * @param what in words
 * @param model the original that it is about, by which its time is estimated; empty where it is about none
 * @param graded images through one model, forward
 * @param gradients images through one model, forward and backward
 * @param trained images that one model is trained on
 * @param after ids of the steps that have to be done before
 * @param action does it, or finds it done
 */
record Step(
        String id,
        Plan.Stage stage,
        String what,
        String model,
        long graded,
        long gradients,
        long trained,
        List<String> after,
        Action action) {

    Step {
        after = after.stream().distinct().sorted().toList();
    }

    /** What is done. */
    @FunctionalInterface
    interface Action {

        /** @param before what came of the steps that this one is after, at least */
        Made run(Results before, Progress progress);
    }
}
