package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Recipe;

/**
 * A job to repair a grader, {@code finetunes/<id>/job.json}: all that whoever runs it needs to know.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param spec what to do, its perturbations as full ids
 * @param name under which the repaired grader will be kept
 * @param recipe what determines the repaired grader
 */
public record FinetuneJob(String schema, String id, FinetuneSpec spec, String name, Recipe recipe) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/finetune-job/1";

    public FinetuneJob {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(spec, "spec is null");
        requireNonNull(name, "name is null");
        requireNonNull(recipe, "recipe is null");
    }
}
