package dev.sclera.functions.events.redrive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sclera.events.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that could not be dealt with, wherever it is kept.
 *
 * @param id by which it is asked for
 * @param where it is kept: {@code store} or {@code queue}
 * @param event the event
 * @param why what went wrong
 * @param attempts how often it was tried, where that is known
 * @param time when it was given up
 * @param forget removes it from where it is kept
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Undelivered(
        String id,
        String where,
        Event event,
        String why,
        int attempts,
        @Nullable Instant time,
        @JsonIgnore Runnable forget) {

    public Undelivered {
        requireNonNull(id, "id is null");
        requireNonNull(where, "where is null");
        requireNonNull(event, "event is null");
        requireNonNull(why, "why is null");
        requireNonNull(forget, "forget is null");
    }
}
