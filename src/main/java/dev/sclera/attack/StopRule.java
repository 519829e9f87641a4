package dev.sclera.attack;

import dev.sclera.dataset.Perturbation;
import org.jspecify.annotations.Nullable;

/**
 * Whether enough images are fooled for a run to end.
 *
 * <p>As a rule the last pass decides, of the images as it met them. But what a mini-batch is graded as under δ itself
 * is a hint ({@link Attack#batchesSpeakForAll}): when one is fooled as asked, δ as it then is gets tried on all
 * crafting images, in 8 bits as in an evaluation, and the run ends in the middle of a pass where that shows enough.
 * Such a look is no part of how δ is made, and no evaluation in a budget's sense, as the clean grades are none. It goes
 * batch by batch, and ends as soon as it cannot succeed. None begins by a batch's hint before twice as many evaluations
 * were made as went into looks, so that hints which mislead cost little; at the end of a pass that was fooled as a
 * whole one always does.
 */
final class StopRule {

    /** For what a sum of parts of a whole is off by. */
    private static final double ROUNDING = 1e-9;

    private final double rate;
    private final boolean looks;
    private final long all;

    /**
     * A rule.
     *
     * @param rate the fooling rate to reach, above 0 and at most 1; null for a run that has none
     * @param attack the run's
     * @param all how many answers there are in a look, one for each image of each model
     */
    StopRule(@Nullable Double rate, Attack attack, long all) {
        this.rate = rate == null ? Double.POSITIVE_INFINITY : rate;
        this.looks = rate != null && attack.batchesSpeakForAll();
        this.all = all;
    }

    /**
     * A look at all crafting images, as far as it is.
     *
     * @param batches how many batches it has seen
     * @param answers how many images through a model that was
     * @param changed how many of the answers were other than clean
     */
    record Look(int batches, long answers, long changed) {

        static final Look NONE = new Look(0, 0, 0);

        /** After one more batch. */
        Look plus(long furtherAnswers, long furtherChanged) {
            return new Look(batches + 1, answers + furtherAnswers, changed + furtherChanged);
        }
    }

    /** Whether a look may become due. */
    boolean looks() {
        return looks;
    }

    /** Whether the run has reached its fooling rate. */
    boolean isMetBy(CraftingState state) {
        return looks ? state.look().answers() == all && foolingRate(state.look()) >= rate : passMet(state);
    }

    /** Whether it is time for a look's first batch, or its next. */
    boolean isLookDue(CraftingState state) {
        if (state.look().batches() > 0) {
            return !isOver(state.look());
        }
        boolean hinted = state.turnFooled() >= rate - ROUNDING && 2 * state.looked() <= state.evaluations();
        return looks && (hinted || passMet(state));
    }

    private boolean passMet(CraftingState state) {
        if (state.passImages() > 0 || state.curve().isEmpty()) {
            return false;
        }
        Perturbation.Point last = state.curve().get(state.curve().size() - 1);
        return last.foolingRate() != null && last.foolingRate() >= rate - ROUNDING;
    }

    /** What a look says of all images, the mean over the models; those that it has not seen count as not fooled. */
    double foolingRate(Look look) {
        return (double) look.changed() / all;
    }

    /** Whether there is nothing more to see, or no hope. */
    boolean isOver(Look look) {
        boolean hopeless = (double) (look.changed() + all - look.answers()) / all < rate;
        return hopeless || look.answers() == all;
    }
}
