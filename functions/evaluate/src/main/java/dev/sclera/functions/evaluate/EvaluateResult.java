package dev.sclera.functions.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.store.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures. One that is not defined on these images is missing, and the notes say why.
 *
 * @param id the evaluation's id
 * @param evaluation key of its record
 * @param predictions key of the predictions' record
 * @param images how many images
 * @param accuracy 0 to 1
 * @param kappa Cohen's kappa, unweighted
 * @param quadraticKappa Cohen's kappa with quadratic weights
 * @param foolingRate 0 to 1; missing on clean images
 * @param targetedSuccessRate 0 to 1; missing where the perturbation has no target
 * @param confusion images by true grade (rows) and predicted grade (columns)
 * @param notes why figures are missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluateResult(
        String id,
        String evaluation,
        String predictions,
        int images,
        double accuracy,
        @Nullable Double kappa,
        @Nullable Double quadraticKappa,
        @Nullable Double foolingRate,
        @Nullable Double targetedSuccessRate,
        List<List<Long>> confusion,
        List<String> notes) {

    public EvaluateResult {
        confusion = List.copyOf(confusion);
        notes = List.copyOf(notes);
    }

    static EvaluateResult of(Evaluation evaluation) {
        return new EvaluateResult(
                evaluation.id(),
                Keys.evaluation(evaluation.id()),
                evaluation.predictions(),
                evaluation.images(),
                evaluation.accuracy(),
                evaluation.kappa(),
                evaluation.quadraticKappa(),
                evaluation.foolingRate(),
                evaluation.targetedSuccessRate(),
                evaluation.confusion(),
                evaluation.notes());
    }
}
