package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

/**
 * That a step of a campaign waits for a repair; {@code finetunes/<job>/awaited/<campaign>-<step>.json}. Created once,
 * and kept: who is told too often finds the step done.
 *
 * @param schema {@value #SCHEMA}
 * @param job the fine-tuning job's id
 * @param campaign the campaign's id
 * @param step the step's id in the plan
 */
public record AwaitedRepair(String schema, String job, String campaign, String step) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/awaited-repair/1";

    public AwaitedRepair {
        requireNonNull(schema, "schema is null");
        requireNonNull(job, "job is null");
        requireNonNull(campaign, "campaign is null");
        requireNonNull(step, "step is null");
    }
}
