package dev.sclera.evaluation;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of the predictions of one model on one variant of a dataset,
 * {@code predictions/<model>/<dataset>/<variant>/predictions.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param model the model's name
 * @param dataset the dataset's name
 * @param perturbation the perturbation's id, or null on clean images
 * @param images how many images
 * @param shards where the predictions are, one file of {@link Prediction} lines per shard of the dataset, in its order
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record PredictionSet(
        String schema,
        String id,
        String model,
        String dataset,
        @Nullable String perturbation,
        int images,
        List<Shard> shards,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/predictions/1";

    public PredictionSet {
        shards = List.copyOf(shards);
    }

    /**
     * The predictions of one shard.
     *
     * @param key of a {@code .jsonl} of {@link Prediction}
     * @param sha256 its digest
     * @param count how many lines it has
     */
    public record Shard(String key, String sha256, int count) {}
}
