package dev.sclera.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Takes messages out of what carries them: queues (SQS), topics (SNS, by a function or by HTTP), structured
 * CloudEvents, Sclera's own events on EventBridge, failed invocations, and lists of all of these, within each other.
 */
public final class Envelopes {

    /** What comes from elsewhere may be wrapped without end. */
    private static final int DEEPEST = 6;

    private Envelopes() {}

    /**
     * The messages within a message; where nothing wraps it, itself.
     *
     * @throws InvalidValueException where it is not JSON, or wrapped too often
     */
    public static List<JsonNode> open(JsonNode message) {
        return open(message, 0).toList();
    }

    private static Stream<JsonNode> open(JsonNode message, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidValueException(
                    "body", "wrapped more than %d times".formatted(DEEPEST), "a message in a few envelopes");
        }
        int next = depth + 1;
        if (message.isTextual()) {
            return open(parse(message.textValue()), next);
        }
        if (message.isArray()) {
            return elements(message).flatMap(each -> open(each, next));
        }
        JsonNode records = message.path("Records");
        if (records.isArray()) {
            return elements(records).flatMap(each -> open(each, next));
        }
        if (message.path("body").isTextual()
                && message.path("eventSource").asText().equals("aws:sqs")) {
            return open(message.path("body"), next);
        }
        if (message.path("Sns").isObject()) {
            return open(message.path("Sns").path("Message"), next);
        }
        if (message.path("Type").asText().equals("Notification")
                && message.path("Message").isTextual()) {
            return open(message.path("Message"), next);
        }
        if (message.has("requestPayload") && message.has("requestContext")) {
            return open(message.path("requestPayload"), next);
        }
        if (isCloudEvent(message)) {
            return open(data(message), next);
        }
        if (isOwn(message)) {
            return open(message.path("detail"), next);
        }
        return Stream.of(message);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static boolean isCloudEvent(JsonNode message) {
        return message.path("specversion").isTextual()
                && message.path("type").isTextual()
                && (message.has("data") || message.has("data_base64"));
    }

    /** Whether it is an event of Sclera's as EventBridge delivers it. */
    static boolean isOwn(JsonNode message) {
        return message.path("detail-type").asText().startsWith("dev.sclera.")
                && message.path("detail").isObject();
    }

    private static JsonNode data(JsonNode event) {
        if (event.has("data")) {
            return event.path("data");
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(event.path("data_base64").asText());
            return parse(new String(decoded, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("data_base64", e.getMessage(), "JSON in Base64");
        }
    }

    /**
     * A text as JSON.
     *
     * @throws InvalidValueException where it is none
     */
    public static JsonNode parse(String json) {
        JsonNode parsed = JsonFormat.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
        return parsed == null ? JsonNodeFactory.instance.missingNode() : parsed;
    }
}
