package dev.sclera.attack;

import dev.sclera.dataset.Perturbation;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a crafting run is.
 *
 * @param turns how many turns were taken
 * @param evaluations how many evaluations were asked for
 * @param gradientEvaluations how many gradients of them
 * @param nanoseconds how long it took, all sessions together
 * @param passImages how many images the present pass counts
 * @param passLoss the sum of the present pass' losses
 * @param passFooled how many images of the present pass were graded otherwise than clean; NaN where none is looked at
 * @param turnFooled which share of the last turn's images was graded otherwise than clean; NaN where there were none
 * @param look at all images, after the last turn
 * @param looked how many images went through a model in looks, of all turns
 * @param curve one point per complete pass
 * @param attack what the attack itself remembers
 */
record CraftingState(
        long turns,
        long evaluations,
        long gradientEvaluations,
        long nanoseconds,
        long passImages,
        double passLoss,
        double passFooled,
        double turnFooled,
        StopRule.Look look,
        long looked,
        List<Perturbation.Point> curve,
        float[] attack) {

    CraftingState {
        curve = List.copyOf(curve);
    }

    static CraftingState fresh() {
        return new CraftingState(0, 0, 0, 0, 0, 0, 0, Double.NaN, StopRule.Look.NONE, 0, List.of(), new float[0]);
    }

    /** After one more turn. */
    CraftingState plus(Attack.Turn turn, Oracle oracle, long elapsed) {
        return new CraftingState(
                turns + 1,
                oracle.evaluations(),
                oracle.gradientEvaluations(),
                nanoseconds + elapsed,
                passImages + turn.images(),
                passLoss + turn.loss(),
                passFooled + turn.fooled(),
                turn.fooled() / turn.images(),
                StopRule.Look.NONE,
                looked,
                curve,
                attack);
    }

    /** After one more batch of a look. */
    CraftingState plus(StopRule.Look further, long elapsed) {
        return new CraftingState(
                turns,
                evaluations,
                gradientEvaluations,
                nanoseconds + elapsed,
                passImages,
                passLoss,
                passFooled,
                turnFooled,
                further,
                looked + further.answers() - look.answers(),
                curve,
                attack);
    }

    /** With the present pass as a point of the curve, and a new one begun. */
    CraftingState passEnded() {
        List<Perturbation.Point> longer = new ArrayList<>(curve);
        double rate = foolingRate();
        longer.add(new Perturbation.Point(
                curve.size() + 1, evaluations, passLoss / passImages, Double.isNaN(rate) ? null : rate));
        return betweenPasses(longer);
    }

    /** The end of a run, at which a look showed so many images fooled: that is what the curve ends with. */
    CraftingState endedAt(double foolingRate) {
        List<Perturbation.Point> points =
                new ArrayList<>(passImages > 0 ? passEnded().curve() : curve);
        Perturbation.Point last = points.remove(points.size() - 1);
        points.add(new Perturbation.Point(last.pass(), last.evaluations(), last.loss(), foolingRate));
        return betweenPasses(points);
    }

    private CraftingState betweenPasses(List<Perturbation.Point> points) {
        return new CraftingState(
                turns,
                evaluations,
                gradientEvaluations,
                nanoseconds,
                0,
                0,
                0,
                turnFooled,
                look,
                looked,
                points,
                attack);
    }

    CraftingState with(float[] attackState) {
        return new CraftingState(
                turns,
                evaluations,
                gradientEvaluations,
                nanoseconds,
                passImages,
                passLoss,
                passFooled,
                turnFooled,
                look,
                looked,
                curve,
                attackState);
    }

    /** Of the present pass; NaN where no image is looked at. */
    double foolingRate() {
        return passFooled / passImages;
    }
}
