package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.problem.InvalidValueException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a sender of events sends, as it is.
 *
 * @param json any JSON
 */
@JsonDeserialize(using = Message.Reader.class)
public record Message(JsonNode json) {

    public Message {
        requireNonNull(json, "json is null");
    }

    /**
     * A message that is there: bindings hand a function null where the body is empty.
     *
     * @throws InvalidValueException where it is not
     */
    static JsonNode require(@Nullable Message message) {
        if (message == null) {
            throw new InvalidValueException("body", "", "JSON");
        }
        return message.json();
    }

    /** Takes what the parser has. */
    static final class Reader extends JsonDeserializer<Message> {

        @Override
        public Message deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode json = parser.readValueAsTree();
            return new Message(json);
        }
    }
}
