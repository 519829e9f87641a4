package dev.sclera.attack;

import dev.sclera.dataset.Perturbation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a crafting run is.
 *
 * @param pass how many passes are complete
 * @param shardsDone how many shards of the present pass are done
 * @param images how many gradients of single images were taken so far
 * @param passImages how many of them in the present pass
 * @param passLoss the sum of the present pass' losses
 * @param passFooled how many images of the present pass were graded otherwise than clean
 * @param curve one point per complete pass
 * @param attack what the attack itself remembers, or null before its first checkpoint
 */
record RunState(
        int pass,
        int shardsDone,
        long images,
        long passImages,
        double passLoss,
        long passFooled,
        List<Perturbation.Point> curve,
        float @Nullable [] attack) {

    RunState {
        curve = List.copyOf(curve);
    }

    static RunState fresh() {
        return new RunState(0, 0, 0, 0, 0, 0, List.of(), null);
    }

    RunState plus(int batch, double loss, int fooled) {
        return new RunState(
                pass,
                shardsDone,
                images + batch,
                passImages + batch,
                passLoss + loss,
                passFooled + fooled,
                curve,
                attack);
    }

    RunState shardEnded() {
        return new RunState(pass, shardsDone + 1, images, passImages, passLoss, passFooled, curve, attack);
    }

    RunState passEnded() {
        List<Perturbation.Point> longer = new ArrayList<>(curve);
        longer.add(new Perturbation.Point(pass + 1, passLoss / passImages, foolingRate()));
        return new RunState(pass + 1, 0, images, 0, 0, 0, longer, attack);
    }

    RunState with(float[] attackState) {
        return new RunState(pass, shardsDone, images, passImages, passLoss, passFooled, curve, attackState);
    }

    double foolingRate() {
        return passImages == 0 ? 0 : (double) passFooled / passImages;
    }
}
