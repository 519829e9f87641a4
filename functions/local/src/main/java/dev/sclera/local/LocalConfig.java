package dev.sclera.local;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** What one machine needs beyond what the functions need. */
@ConfigMapping(prefix = "sclera.local")
public interface LocalConfig {

    /** The folder that is the store where {@code sclera.store.bucket} names no bucket. */
    @WithDefault("sclera-workspace")
    Path workspace();

    /** The port of the S3 endpoint on that folder; 0 for any that is free. */
    @WithDefault("0")
    int s3Port();

    /** Whether a person looks at the standard error stream, so that a bar may be drawn there. */
    @WithDefault("false")
    boolean terminal();

    /** The bus within this process. */
    Events events();

    /** How events are carried within this process. */
    interface Events {

        /** Whether models that are uploaded to the folder start campaigns. */
        @WithDefault("false")
        boolean listen();

        /** How many events are dealt with at once. */
        @WithDefault("2")
        int workers();

        /** How many events from elsewhere may be pending. */
        @WithDefault("10000")
        int capacity();

        /** How often an event is tried before it becomes a dead letter. */
        @WithDefault("5")
        int attempts();

        /** How long it rests before it is tried the second time; about twice as long each further time. */
        @WithDefault("PT1S")
        Duration pause();
    }
}
