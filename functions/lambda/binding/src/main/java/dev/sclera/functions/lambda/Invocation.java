package dev.sclera.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a function was invoked with, by who invoked it. */
sealed interface Invocation {

    /** A request as it is: by the API, the command line, a schedule. */
    record Direct(JsonNode request) implements Invocation {}

    /** An event of EventBridge, whose detail is the request; but for functions that take events as they are. */
    record Event(JsonNode envelope) implements Invocation {

        JsonNode detail() {
            return envelope.get("detail");
        }
    }

    /** Messages of SQS, each an invocation of its own. */
    record Queue(List<Message> messages) implements Invocation {}

    /**
     * A message.
     *
     * @param id by which the queue is told that it failed
     * @param body JSON, unless it is none
     */
    record Message(String id, String body) {}

    /** A request over HTTP: by a function URL or an HTTP API, payload format 2.0. */
    record Http(String method, String body) implements Invocation {}

    /**
     * Tells them apart.
     *
     * @throws InvalidValueException where the payload is not JSON
     */
    static Invocation of(byte[] payload) {
        JsonNode node = JsonFormat.read(payload, JsonNode.class);
        if (node.path("requestContext").path("http").isObject()) {
            return new Http(
                    node.path("requestContext").path("http").path("method").asText(), body(node));
        }
        if (node.path("Records").path(0).path("eventSource").asText().equals("aws:sqs")) {
            List<Message> messages = new ArrayList<>();
            node.path("Records")
                    .forEach(record -> messages.add(new Message(
                            record.path("messageId").asText(),
                            record.path("body").asText())));
            return new Queue(messages);
        }
        if (node.path("detail-type").isTextual()
                && node.path("source").isTextual()
                && node.path("detail").isObject()) {
            return new Event(node);
        }
        return new Direct(node);
    }

    private static String body(JsonNode event) {
        String body = event.path("body").asText("");
        return event.path("isBase64Encoded").asBoolean()
                ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8)
                : body;
    }
}
