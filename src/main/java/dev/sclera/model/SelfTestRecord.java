package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import java.util.Map;

/**
 * That a model, fed as its descriptor says, passed the self-test with this software;
 * {@code models/<model>/self-test/<id>.json}. Written once: what passed is not tried again.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's
 * @param model the model's name
 * @param figures what was measured
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record SelfTestRecord(
        String schema, String id, String model, SelfTestFigures figures, Recipe recipe, Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/self-test/1";

    public SelfTestRecord {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(figures, "figures is null");
    }

    /** The file, the way it is fed, and the software: another runtime may misgrade what this one grades right. */
    static Recipe recipe(Model model) {
        Map<String, String> software = Software.versions();
        return new Recipe(
                "self-test/1",
                Map.of("onnxruntime", software.get("onnxruntime"), "sclera", software.get("sclera")),
                Map.of("model", model.id()));
    }
}
