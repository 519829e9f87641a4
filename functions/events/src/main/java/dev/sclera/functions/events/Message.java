package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.problem.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Whatever a sender of events sends, as it is: any JSON. No record, for it has no fields of its own. */
public final class Message {

    private final JsonNode json;

    private Message(JsonNode json) {
        this.json = requireNonNull(json, "json is null");
    }

    /** A message of this JSON. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Message of(JsonNode json) {
        return new Message(json);
    }

    /**
     * The JSON of a message that is there: bindings hand a function null where the body is empty.
     *
     * @throws InvalidValueException where it is not
     */
    static JsonNode require(@Nullable Message message) {
        if (message == null) {
            throw new InvalidValueException("body", "", "JSON");
        }
        return message.json;
    }
}
