package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;

/**
 * The record of an ensemble, {@code ensembles/<id>.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param name under which it is kept: {@code models/<name>/model.onnx}
 * @param members the names of the graders whose probabilities it averages
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Ensemble(
        String schema, String id, String name, List<String> members, Recipe recipe, Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/ensemble/1";

    public Ensemble {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(name, "name is null");
        members = List.copyOf(members);
    }
}
