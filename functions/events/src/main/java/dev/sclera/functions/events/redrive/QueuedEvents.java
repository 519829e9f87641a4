package dev.sclera.functions.events.redrive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.events.Envelopes;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.events.Notifications;
import dev.sclera.functions.events.EndedJob;
import dev.sclera.functions.events.Message;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.ObjectCreated;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the events in the messages of a dead-letter queue, as EventBridge, SQS and Lambda put them there: an event of
 * Sclera's on EventBridge, a structured CloudEvent, a notification of an object, or the end of a job of AWS Batch, in
 * whatever envelopes.
 */
final class QueuedEvents {

    private static final String WANTED =
            "an event of Sclera's, a notification of an object, or the end of a fine-tuning job";

    private QueuedEvents() {}

    /** @throws InvalidValueException where it is neither */
    static Event read(String body) {
        JsonNode message = Envelopes.parse(body);
        // a failed invocation holds what it was called with
        JsonNode called = message.has("requestPayload") ? message.path("requestPayload") : message;
        String type = called.path("detail-type").asText(called.path("type").asText(""));
        if (type.startsWith("dev.sclera.")) {
            for (JsonNode data : Envelopes.open(called)) {
                return Event.now(type, data.path("step").asText(type), map(data));
            }
        }
        if (type.equals("Batch Job State Change")) {
            for (String job : EndedJob.read(Message.of(called))) {
                return Event.now(EventTypes.FINETUNE_ENDED, job, Map.of("job", job));
            }
        }
        for (ObjectCreated object : Notifications.read(called)) {
            return Event.now(EventTypes.UPLOADED, object.key(), map(called));
        }
        throw new InvalidValueException("message", body, WANTED);
    }

    private static Map<String, Object> map(JsonNode object) {
        Map<?, ?> said = JsonFormat.read(JsonFormat.write(object), Map.class);
        Map<String, Object> fields = new TreeMap<>();
        said.forEach((name, value) -> fields.put(name.toString(), value));
        return fields;
    }
}
