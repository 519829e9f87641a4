package dev.sclera.defense;

import dev.sclera.ascent.Climber;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Perturbations that pursue the grader while it is trained on them: after a step with one of them this climbs the slope
 * of its loss, which the same backward pass tells (universal adversarial training, Shafahi et al. 2020, algorithm 3). A
 * grader that learns to withstand a fixed δ may fall to the next one; this one is the next one all the time. That
 * pixels end at black and white, and are rounded, is left out of the slope. Mutable.
 *
 * <p>What is ours, and without which a grader still fell to attacks that were crafted anew:
 *
 * <ul>
 *   <li>They have momentum. The images of a step are few, and its slope alone leads nowhere.
 *   <li>They take turns, one to a step. Shared among several, those images are fewer still.
 *   <li>Each begins anew from nothing now and then. A grader learns to lead one that only ever goes on astray, and
 *       falls to the next that is crafted from the beginning. They do so in different epochs where they can, so that
 *       some are further on.
 *   <li>Each δ is pursued by two. One listens to the images of the most common grade alone, which are the healthy eyes
 *       as a rule; one to all others. What drives the ones to a wrong answer is the right answer for the others, and a
 *       slope of all may lead to neither.
 * </ul>
 */
final class Pursuit {

    /** How many pursue from each perturbation. */
    static final int FROM_EACH = 2;

    private final List<Perturbation> perturbations;
    private final double pace;
    private final int restartEvery;
    private final int mostCommon;
    private final List<Climber> pursuers;
    private final float[] slope;
    private int inTurn;

    /**
     * A pursuit.
     *
     * @param mix says the pace of a step, in units of epsilon, and after how many epochs each begins anew
     * @param mostCommon the grade of the images that the first of two listens to alone, and the second does not
     * @param present those that pursue, as they were saved; or as they set out, see {@link #setOut}; none where none
     *     does
     */
    Pursuit(List<Perturbation> perturbations, Mix mix, int mostCommon, List<Pursuer> present) {
        this.perturbations = perturbations;
        this.pace = mix.pursuit();
        this.restartEvery = mix.restartEvery();
        this.mostCommon = mostCommon;
        this.pursuers = IntStream.range(0, present.size())
                .mapToObj(i -> present.get(i).climber(perturbations.get(i / FROM_EACH)))
                .toList();
        this.slope = new float[present.isEmpty() ? 0 : present.get(0).average().length];
    }

    /** Those that pursue from perturbations, as they set out. */
    static List<Pursuer> setOut(List<Delta> deltas) {
        return deltas.stream()
                .flatMap(delta -> Stream.generate(() -> Pursuer.from(delta)).limit(FROM_EACH))
                .toList();
    }

    /** Copies of those that pursue, as they are. */
    List<Pursuer> saved() {
        return IntStream.range(0, pursuers.size())
                .mapToObj(i -> new Pursuer(
                        delta(i, pursuers.get(i).delta().clone()),
                        pursuers.get(i).average().clone()))
                .toList();
    }

    /** The perturbations; their steps change them. */
    List<Delta> present() {
        return IntStream.range(0, pursuers.size()).mapToObj(this::delta).toList();
    }

    private Delta delta(int number) {
        return delta(number, pursuers.get(number).delta());
    }

    private Delta delta(int number, float[] values) {
        Perturbation perturbation = perturbations.get(number / FROM_EACH);
        return new Delta(perturbation.height(), perturbation.width(), values);
    }

    /** To be told before the first step of an epoch, and not when one goes on. */
    void epochBegins(int epoch) {
        for (int i = 0; i < pursuers.size() && restartEvery > 0 && epoch > 0; i++) {
            if ((epoch + i) % restartEvery == 0) {
                pursuers.get(i).restart();
            }
        }
    }

    /**
     * The perturbation whose turn it is, from now on.
     *
     * @param step how many steps were made before, over all epochs
     */
    Delta turn(long step) {
        inTurn = (int) (step % pursuers.size());
        return delta(inTurn);
    }

    /**
     * Takes the slope of the loss with respect to an image that the perturbation whose turn it is was added to.
     *
     * @param grade the image's
     * @param ofImage {@code [h,w,3]}, not kept
     */
    void take(Variation variation, int grade, float[] ofImage) {
        boolean toMostCommon = inTurn % FROM_EACH == 0;
        if (toMostCommon != (grade == mostCommon)) {
            return;
        }
        Perturbation size = perturbations.get(inTurn / FROM_EACH);
        float factor = (float) variation.factor();
        variation.pairs(size.height(), size.width(), (inDelta, inImage) -> slope[inDelta] += factor * ofImage[inImage]);
    }

    /** Moves the perturbation whose turn it is by the slopes that were taken, and forgets these. */
    void climb() {
        pursuers.get(inTurn)
                .step(slope, pace * perturbations.get(inTurn / FROM_EACH).epsilon());
        Arrays.fill(slope, 0);
    }
}
