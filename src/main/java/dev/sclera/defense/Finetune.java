package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.model.ModelDescriptor;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;

/**
 * The record of a repaired grader, {@code finetunes/<id>/finetune.json}; written last.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param original the name of the grader that was repaired
 * @param originalId its id
 * @param name under which the repaired grader is kept: {@code models/<name>/model.onnx}
 * @param onnx key of its file among the job's
 * @param onnxSha256 the file's digest
 * @param descriptor how it is fed and read: as the original
 * @param perturbations the ids of those it was trained on
 * @param bestEpoch after which epoch its weights are
 * @param withinBound whether its clean quadratic kappa is within the bound of the original's on the validation images
 * @param log one line per epoch, the first of the original
 * @param notes remarks for people
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Finetune(
        String schema,
        String id,
        String original,
        String originalId,
        String name,
        String onnx,
        String onnxSha256,
        ModelDescriptor descriptor,
        List<String> perturbations,
        int bestEpoch,
        boolean withinBound,
        List<EpochLine> log,
        List<String> notes,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/finetune/1";

    public Finetune {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(name, "name is null");
        perturbations = List.copyOf(perturbations);
        log = List.copyOf(log);
        notes = List.copyOf(notes);
    }

    /** The same, kept under another name. */
    Finetune named(String other) {
        return new Finetune(
                schema,
                id,
                original,
                originalId,
                other,
                onnx,
                onnxSha256,
                descriptor,
                perturbations,
                bestEpoch,
                withinBound,
                log,
                notes,
                recipe,
                provenance);
    }
}
