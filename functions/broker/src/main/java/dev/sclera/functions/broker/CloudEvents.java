package dev.sclera.functions.broker;

import dev.sclera.events.Event;
import dev.sclera.store.JsonFormat;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/** Events in the forms that CloudEvents 1.0 defines. */
public final class CloudEvents {

    private CloudEvents() {}

    /** An event whose data is JSON. */
    public static CloudEvent of(Event event) {
        return CloudEventBuilder.v1()
                .withId(event.id())
                .withSource(URI.create(Event.SOURCE))
                .withType(event.type())
                .withSubject(event.subject())
                .withTime(event.time().atOffset(ZoneOffset.UTC))
                .withData("application/json", JsonFormat.line(event.data()).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    /** In structured mode, JSON on one line. */
    public static String structured(Event event) {
        return new String(new io.cloudevents.jackson.JsonFormat().serialize(of(event)), StandardCharsets.UTF_8);
    }
}
