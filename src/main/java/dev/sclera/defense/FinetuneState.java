package dev.sclera.defense;

import dev.sclera.model.TrainingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a run is; all that follows depends on this and the job alone.
 *
 * @param epoch how many epochs are done
 * @param batch how many batches of the present one
 * @param images how many training images were used so far
 * @param lossSum the sum of the present epoch's losses, each times its image's weight
 * @param weightSum the sum of those weights
 * @param seconds how long the present epoch took so far
 * @param watch over its losses
 * @param log one line per epoch, the first of the original
 * @param bestEpoch whose weights are kept for now; 0 before the first
 * @param session the weights and the optimiser's state, as the session saves them; empty before the first step
 * @param average of the weights so far, by name
 * @param averaged how many weights it is the mean of
 * @param pursuing the perturbations that pursue the grader; empty where none does, or none has yet
 */
record FinetuneState(
        int epoch,
        int batch,
        long images,
        double lossSum,
        double weightSum,
        double seconds,
        DivergenceWatch watch,
        List<EpochLine> log,
        int bestEpoch,
        byte[] session,
        Map<String, float[]> average,
        long averaged,
        List<Pursuer> pursuing) {

    FinetuneState {
        log = List.copyOf(log);
        pursuing = List.copyOf(pursuing);
    }

    /** Before anything but the original was looked at. */
    static FinetuneState fresh(EpochLine original) {
        return new FinetuneState(
                0, 0, 0, 0, 0, 0, DivergenceWatch.fresh(), List.of(original), 0, new byte[0], Map.of(), 0, List.of());
    }

    /** After a further step, on so many images. */
    FinetuneState stepped(TrainingSession.Outcome outcome, int count) {
        return new FinetuneState(
                epoch,
                batch + 1,
                images + count,
                lossSum + outcome.sum(),
                weightSum + outcome.weight(),
                seconds,
                watch.after(outcome.mean()),
                log,
                bestEpoch,
                session,
                average,
                averaged,
                pursuing);
    }

    /** With what a session, an average and a pursuit hold now, so that another run can go on from here. */
    FinetuneState holding(TrainingSession trained, WeightAverage mean, Pursuit pursuit, double secondsSoFar) {
        return new FinetuneState(
                epoch,
                batch,
                images,
                lossSum,
                weightSum,
                secondsSoFar,
                watch,
                log,
                bestEpoch,
                trained.save(),
                mean.mean(),
                mean.count(),
                pursuit.saved());
    }

    /** At the start of the next epoch. */
    FinetuneState ended(EpochLine line, int best) {
        List<EpochLine> longer = new ArrayList<>(log);
        longer.add(line);
        return new FinetuneState(
                epoch + 1, 0, images, 0, 0, 0, watch, longer, best, session, average, averaged, pursuing);
    }

    /** The mean loss of the present epoch so far. */
    double loss() {
        return lossSum / weightSum;
    }

    EpochLine original() {
        return log.get(0);
    }
}
