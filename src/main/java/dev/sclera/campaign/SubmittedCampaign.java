package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A campaign that is to be run step by step, {@code campaigns/<id>/spec.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param spec the question
 * @param submitted when it was asked first
 */
public record SubmittedCampaign(String schema, String id, CampaignSpec spec, Instant submitted) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/campaign-spec/1";

    public SubmittedCampaign {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(spec, "spec is null");
    }
}
