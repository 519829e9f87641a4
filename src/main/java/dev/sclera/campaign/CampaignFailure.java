package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * That a step of a campaign was given up, {@code campaigns/<id>/failures/<number>.json}, so that the campaign cannot go
 * on by itself.
 *
 * @param schema {@value #SCHEMA}
 * @param campaign the campaign's id
 * @param number of how many so far, from 1
 * @param step the id of the step that was given up
 * @param problem the kind of problem, for example {@code conflict}; {@code internal} for what nobody foresaw
 * @param detail what is wrong, and what to do
 * @param time when it was given up
 * @param mended whether somebody had it tried again since
 */
public record CampaignFailure(
        String schema,
        String campaign,
        int number,
        String step,
        String problem,
        String detail,
        Instant time,
        boolean mended) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/campaign-failure/1";

    public CampaignFailure {
        requireNonNull(schema, "schema is null");
        requireNonNull(campaign, "campaign is null");
        requireNonNull(step, "step is null");
        requireNonNull(problem, "problem is null");
        requireNonNull(detail, "detail is null");
        requireNonNull(time, "time is null");
    }

    CampaignFailure ofMended() {
        return new CampaignFailure(schema, campaign, number, step, problem, detail, time, true);
    }
}
