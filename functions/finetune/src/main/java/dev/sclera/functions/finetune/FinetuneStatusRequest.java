package dev.sclera.functions.finetune;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.StrictRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which job is asked about.
 *
 * @param id its id, or the first digits of it, at least six
 */
@JsonDeserialize(using = StrictRecord.class)
public record FinetuneStatusRequest(@Nullable String id) {

    /** @throws InvalidValueException where none is named */
    String required() {
        if (id == null) {
            throw new InvalidValueException("id", "none", "the id of a job, as \"finetune\" answers it");
        }
        return id;
    }
}
