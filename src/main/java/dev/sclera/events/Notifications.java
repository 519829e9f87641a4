package dev.sclera.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectCreated;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads notifications of objects, whoever sends them: EventBridge's "Object Created", S3's native notifications (also
 * what MinIO and Ceph send to a webhook), CloudEvents of both, in whatever {@linkplain Envelopes envelopes}, and direct
 * calls: {@code {"key": "models/resnet18/model.onnx"}}, with {@code bucket}, {@code size}, {@code etag} and
 * {@code time} where they are known, or {@code {"model": "resnet18"}}. What they say is not to be trusted.
 */
public final class Notifications {

    private static final int LONGEST_KEY = 1024;
    private static final int SHOWN = 120;

    private static final String ALLOWED =
            "EventBridge's \"Object Created\", S3's notification with \"Records\", a CloudEvent of either, or an object"
                    + " with \"key\" or \"model\"";

    private Notifications() {}

    /**
     * The objects that a message tells were written; none where it tells of something else.
     *
     * @throws InvalidValueException where it is no notification
     */
    public static List<ObjectCreated> read(JsonNode message) {
        return Envelopes.open(message).stream()
                .flatMap(each -> one(each).stream())
                .toList();
    }

    private static Optional<ObjectCreated> one(JsonNode message) {
        if (message.path("detail-type").isTextual()) {
            return message.path("detail-type").asText().equals("Object Created")
                    ? Optional.of(ofDetail(
                            message.path("detail"), message.path("time").asText("")))
                    : Optional.empty();
        }
        if (message.path("s3").isObject()) {
            String name = message.path("eventName").asText();
            return name.contains("ObjectCreated:") ? Optional.of(ofNative(message)) : Optional.empty();
        }
        if (message.path("Event").asText().equals("s3:TestEvent")) {
            return Optional.empty();
        }
        if (message.path("bucket").isObject() && message.path("object").isObject()) {
            return Optional.of(ofDetail(message, ""));
        }
        if (message.path("key").isTextual()) {
            return Optional.of(object(
                    message.path("bucket"),
                    message.path("key").asText(),
                    message.path("size"),
                    message.path("etag"),
                    message.path("time").asText("")));
        }
        if (message.path("model").isTextual()) {
            return Optional.of(
                    new ObjectCreated(null, Keys.model(message.path("model").asText()), null, null, null));
        }
        throw new InvalidValueException("body", shown(message), ALLOWED);
    }

    private static ObjectCreated ofDetail(JsonNode detail, String time) {
        JsonNode object = detail.path("object");
        return object(
                detail.path("bucket").path("name"),
                object.path("key").asText(),
                object.path("size"),
                object.path("etag"),
                time);
    }

    private static ObjectCreated ofNative(JsonNode record) {
        JsonNode object = record.path("s3").path("object");
        String key;
        try {
            // as forms are encoded, with "+" for a space
            key = URLDecoder.decode(object.path("key").asText(), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(
                    "Records.s3.object.key", object.path("key").asText(), "a URL-encoded key");
        }
        return object(
                record.path("s3").path("bucket").path("name"),
                key,
                object.path("size"),
                object.path("eTag"),
                record.path("eventTime").asText(""));
    }

    private static ObjectCreated object(JsonNode bucket, String key, JsonNode size, JsonNode etag, String time) {
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new InvalidValueException(
                    "key", shown(key), "the key of an object, 1 to %d bytes".formatted(LONGEST_KEY));
        }
        if (size.isNumber() && (!size.canConvertToLong() || size.longValue() < 0)) {
            throw new InvalidValueException("size", shown(size), "a number of bytes, 0 or more");
        }
        return new ObjectCreated(
                bucket.isTextual() ? bucket.asText() : null,
                key,
                size.isNumber() ? (Long) size.longValue() : null,
                etag.isTextual() && !etag.asText().isEmpty() ? etag.asText() : null,
                instant(time));
    }

    private static @Nullable Instant instant(String time) {
        if (time.isEmpty()) {
            return null;
        }
        try {
            // some servers leave the zone out, and mean UTC
            return DateTimeFormatter.ISO_DATE_TIME.withZone(ZoneOffset.UTC).parse(time, Instant::from);
        } catch (DateTimeException e) {
            throw new InvalidValueException("time", shown(time), "a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static String shown(Object value) {
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
