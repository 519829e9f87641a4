package dev.sclera.defense;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code finetunes/<id>/log.jsonl}: how a grader does after an epoch of its repair, on the validation
 * images.
 *
 * @param epoch how many epochs are done; 0 for the original
 * @param learningRate of the epoch's last step; null at 0
 * @param trainingLoss the mean over the epoch of what was lowered; null at 0
 * @param cleanLoss the mean cross-entropy of the clean images
 * @param cleanKappa Cohen's kappa on them, unweighted
 * @param cleanQuadraticKappa with quadratic weights
 * @param gradesGiven how many different grades they are given; 1 where training has collapsed
 * @param attackedLoss the mean cross-entropy of the images under the perturbation that harms most, of the job's, those
 *     that pursue the grader and those that were crafted anew after the epoch; this and the next two of the same
 * @param attackedKappa Cohen's kappa on them, unweighted
 * @param attackedQuadraticKappa with quadratic weights
 * @param withinBound whether the clean quadratic kappa is within the bound of the original's
 * @param seconds how long the epoch took, its validation included
 */
public record EpochLine(
        int epoch,
        @Nullable Double learningRate,
        @Nullable Double trainingLoss,
        double cleanLoss,
        double cleanKappa,
        double cleanQuadraticKappa,
        int gradesGiven,
        double attackedLoss,
        double attackedKappa,
        double attackedQuadraticKappa,
        boolean withinBound,
        double seconds) {

    static EpochLine of(
            int epoch,
            @Nullable Double rate,
            @Nullable Double loss,
            Validation.Result result,
            boolean withinBound,
            double seconds) {
        return new EpochLine(
                epoch,
                rate,
                loss,
                result.clean().loss(),
                result.clean().kappa(),
                result.clean().quadraticKappa(),
                result.clean().gradesGiven(),
                result.attacked().loss(),
                result.attacked().kappa(),
                result.attacked().quadraticKappa(),
                withinBound,
                Math.round(10 * seconds) / 10.0);
    }

    /**
     * Whether these weights are rather kept than others'.
     *
     * @param tolerance by how much the kappa under attack may be lower than theirs
     */
    boolean betterThan(EpochLine other, double tolerance) {
        if (withinBound != other.withinBound) {
            return withinBound;
        }
        return withinBound
                ? attackedQuadraticKappa > other.attackedQuadraticKappa - tolerance
                : cleanQuadraticKappa > other.cleanQuadraticKappa;
    }
}
