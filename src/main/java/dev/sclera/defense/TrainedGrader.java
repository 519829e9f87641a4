package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.model.ModelDescriptor;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;

/**
 * The record of a grader that was trained here, {@code finetunes/<id>/training.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param name the model's
 * @param onnx key of its file
 * @param onnxSha256 the file's digest
 * @param descriptor how it is fed and read
 * @param dataset the name of the dataset that it was trained on
 * @param bestEpoch whose weights it has
 * @param log one line per epoch, the first of the untrained network; no image was perturbed, and what a line says of
 *     attacked images is of clean ones
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record TrainedGrader(
        String schema,
        String id,
        String name,
        String onnx,
        String onnxSha256,
        ModelDescriptor descriptor,
        String dataset,
        int bestEpoch,
        List<EpochLine> log,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/training/1";

    public TrainedGrader {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(name, "name is null");
        log = List.copyOf(log);
    }

    /** The same under another name. */
    TrainedGrader named(String other) {
        return new TrainedGrader(
                schema, id, other, onnx, onnxSha256, descriptor, dataset, bestEpoch, log, recipe, provenance);
    }

    /** How the best epoch did on the validation images. */
    public EpochLine best() {
        return log.get(bestEpoch);
    }
}
