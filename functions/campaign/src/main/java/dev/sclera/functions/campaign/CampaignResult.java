package dev.sclera.functions.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far a campaign is.
 *
 * @param state whether it is done
 * @param id the campaign's id
 * @param campaign key of its record, once it is done
 * @param report key of the report's page, once it is done
 * @param record key of the report's record, once it is done
 * @param verdict key of the verdict, once it is done and where there is one
 * @param passed whether the verdict is a pass; null where there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CampaignResult(
        State state,
        String id,
        @Nullable String campaign,
        @Nullable String report,
        @Nullable String record,
        @Nullable String verdict,
        @Nullable Boolean passed) {

    /** How far it is. */
    public enum State {
        /** There was no time for all of it: ask again, and it goes on. */
        CONTINUE,
        /** All of it is there. */
        DONE
    }
}
