package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.JsonFormat;
import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened, as CloudEvents have it. Two events of one cause have one id.
 *
 * @param id 32 lower-case hexadecimal digits, which follow from the type and the data
 * @param type one of {@link EventTypes}
 * @param subject what it is about, for example {@code models/resnet18/model.onnx}
 * @param time when it was told
 * @param data what happened
 */
public record Event(String id, String type, String subject, Instant time, Map<String, Object> data) {

    /** Where all of them come from. */
    public static final String SOURCE = "/sclera";

    private static final int DIGITS = 32;

    public Event {
        requireNonNull(id, "id is null");
        requireNonNull(type, "type is null");
        requireNonNull(subject, "subject is null");
        requireNonNull(time, "time is null");
        // not Map.copyOf: what others send may hold nulls
        data = Collections.unmodifiableMap(new TreeMap<>(data));
    }

    /** That something happened now. */
    public static Event now(String type, String subject, Map<String, Object> data) {
        String cause = type + " " + JsonFormat.line(data);
        String id = Sha256.of(cause.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
        return new Event(id, type, subject, Instant.now(), data);
    }
}
