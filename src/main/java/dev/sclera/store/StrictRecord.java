package dev.sclera.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import dev.sclera.problem.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request as strictly as {@link JsonFormat} reads records, whichever binding's mapper is asked: bindings are
 * lenient by default, and a misspelt field would be ignored in silence. For {@code @JsonDeserialize(using = …)} on the
 * records of requests.
 */
public final class StrictRecord extends JsonDeserializer<Record> implements ContextualDeserializer {

    private final Class<? extends Record> type;

    /** For Jackson, which then asks for the one of the annotated type. */
    public StrictRecord() {
        this(Record.class);
    }

    private StrictRecord(Class<? extends Record> type) {
        this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        return new StrictRecord(context.getContextualType().getRawClass().asSubclass(Record.class));
    }

    /**
     * A request that is there: bindings hand a function null where the body is empty.
     *
     * @throws InvalidValueException where it is not
     */
    public static <T extends Record> T require(@Nullable T request) {
        if (request == null) {
            throw new InvalidValueException("body", "", "one JSON object");
        }
        return request;
    }

    /** @throws InvalidValueException as {@link JsonFormat#read} does */
    @Override
    public Record deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        byte[] json;
        try {
            json = JsonFormat.line(JsonFormat.tree(parser)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new InvalidValueException("body", String.valueOf(e.getOriginalMessage()), "one JSON object");
        }
        return JsonFormat.read(json, type);
    }
}
