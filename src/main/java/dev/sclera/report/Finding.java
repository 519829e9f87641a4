package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation with what its perturbation is to the evaluated model.
 *
 * @param row the evaluation's figures, as the report lists them
 * @param evaluation the evaluation itself
 * @param perturbation what was added to the images, null where nothing was
 */
record Finding(
        Report.Row row, Evaluation evaluation, @Nullable Perturbation perturbation) {

    Finding {
        requireNonNull(row, "row is null");
        requireNonNull(evaluation, "evaluation is null");
    }

    static Finding of(Evaluation evaluation, @Nullable Perturbation perturbation) {
        Report.Row row = new Report.Row(
                evaluation.model(),
                access(evaluation, perturbation),
                perturbation == null ? null : perturbation.attack(),
                perturbation == null ? null : perturbation.source().orElse(null),
                perturbation == null ? null : perturbation.id(),
                perturbation == null ? null : perturbation.norm(),
                perturbation == null ? null : perturbation.epsilon(),
                perturbation == null ? null : perturbation.target(),
                evaluation.accuracy(),
                evaluation.kappa(),
                evaluation.quadraticKappa(),
                evaluation.foolingRate(),
                evaluation.targetedSuccessRate(),
                perturbation == null || perturbation.imported()
                        ? null
                        : new Report.Cost(
                                perturbation.evaluations(), perturbation.gradientEvaluations(), perturbation.seconds()),
                evaluation.notes(),
                evaluation.id());
        return new Finding(row, evaluation, perturbation);
    }

    private static Report.Access access(Evaluation evaluation, @Nullable Perturbation perturbation) {
        if (perturbation == null) {
            return Report.Access.CLEAN;
        }
        if (perturbation.control()) {
            return Report.Access.CONTROL;
        }
        if (perturbation.imported()) {
            return Report.Access.IMPORTED;
        }
        if (!perturbation.modelIds().contains(evaluation.modelId())) {
            return Report.Access.TRANSFER;
        }
        return switch (perturbation.access()) {
            case "black-box" -> Report.Access.BLACK_BOX;
            case "data-free" -> Report.Access.DATA_FREE;
            default -> Report.Access.WHITE_BOX;
        };
    }
}
