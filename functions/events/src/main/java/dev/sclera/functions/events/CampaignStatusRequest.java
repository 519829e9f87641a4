package dev.sclera.functions.events;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.StrictRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which campaign is asked about.
 *
 * @param id its id, or the first digits of it, at least six
 */
@JsonDeserialize(using = StrictRecord.class)
public record CampaignStatusRequest(@Nullable String id) {

    /** @throws InvalidValueException where none is named */
    String required() {
        if (id == null) {
            throw new InvalidValueException("id", "none", "the id of a campaign, as \"campaign-start\" answers it");
        }
        return id;
    }
}
