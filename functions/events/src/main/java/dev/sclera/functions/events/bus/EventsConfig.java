package dev.sclera.functions.events.bus;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** What carries events. */
@ConfigMapping(prefix = "sclera.events")
public interface EventsConfig {

    /** The bus: {@code eventbridge}, {@code http}, and {@code local} on one machine; {@code none} publishes nothing. */
    @WithDefault("none")
    String bus();

    /** AWS EventBridge. */
    EventBridge eventbridge();

    /** A broker, or a function, over HTTP. */
    Http http();

    /** The URL of an SQS queue of events that could not be dealt with, for {@code sclera redrive}. */
    Optional<String> deadLetterQueue();

    /** AWS EventBridge, SNS and SQS; credentials come from AWS' default chain. */
    interface EventBridge {

        /** The name or ARN of the event bus. */
        @WithDefault("default")
        String name();

        /** The ARN of an SNS topic that is told how campaigns end; none where none is given. */
        Optional<String> topic();

        /** The region; the store's where none is given. */
        Optional<String> region();

        /** The endpoint; AWS' own for the region where none is given. */
        Optional<URI> endpoint();
    }

    /** CloudEvents in binary mode. */
    interface Http {

        /** Where events go; what Knative's SinkBinding says where none is given. */
        @WithDefault("${K_SINK:}")
        Optional<URI> sink();
    }
}
