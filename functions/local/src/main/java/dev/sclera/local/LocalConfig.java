package dev.sclera.local;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

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
}
