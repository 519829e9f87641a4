package dev.sclera.evaluation;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one model on one variant of a dataset, {@code evaluations/<id>.json}. A figure that is not defined on
 * these images is null, and {@code notes} says why.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param model the model's name
 * @param modelId its id
 * @param dataset the dataset's name
 * @param datasetId its id
 * @param perturbation the perturbation's id, or null on clean images
 * @param images how many images
 * @param accuracy the share of images graded right, 0 to 1
 * @param kappa Cohen's kappa, unweighted
 * @param quadraticKappa Cohen's kappa with quadratic weights
 * @param foolingRate the share of images whose grade differs from the model's clean grade; null on clean images
 * @param targetedSuccessRate of the images that were not graded as the target when clean, the share that is now; null
 *     where the perturbation has no target
 * @param confusion images by true grade (rows) and predicted grade (columns)
 * @param notes why figures are missing, and other remarks
 * @param predictions key of the predictions' record
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Evaluation(
        String schema,
        String id,
        String model,
        String modelId,
        String dataset,
        String datasetId,
        @Nullable String perturbation,
        int images,
        double accuracy,
        @Nullable Double kappa,
        @Nullable Double quadraticKappa,
        @Nullable Double foolingRate,
        @Nullable Double targetedSuccessRate,
        List<List<Long>> confusion,
        List<String> notes,
        String predictions,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/evaluation/1";

    public Evaluation {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        confusion = confusion.stream().map(List::copyOf).toList();
        notes = List.copyOf(notes);
    }

    /** The same, of the same file under another name. */
    Evaluation named(String name) {
        return name.equals(model)
                ? this
                : new Evaluation(
                        schema,
                        id,
                        name,
                        modelId,
                        dataset,
                        datasetId,
                        perturbation,
                        images,
                        accuracy,
                        kappa,
                        quadraticKappa,
                        foolingRate,
                        targetedSuccessRate,
                        confusion,
                        notes,
                        predictions,
                        recipe,
                        provenance);
    }
}
