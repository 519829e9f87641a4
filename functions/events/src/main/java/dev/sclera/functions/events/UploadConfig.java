package dev.sclera.functions.events;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What is done with models that are uploaded. */
@ConfigMapping(prefix = "sclera.upload")
public interface UploadConfig {

    /**
     * What a campaign asks of a model that was uploaded: a JSON object of the fields of the function {@code campaign},
     * without {@code models}. Where none is given, the object {@link #templateKey()} says it.
     */
    Optional<String> template();

    /** The key of an object of the store that holds such a JSON object. */
    @WithDefault("campaigns/on-upload.json")
    String templateKey();

    /** How many bytes a model may have. */
    @WithDefault("1073741824")
    long largest();

    /**
     * For how long an object must have been as it is; of several uploads in that time the last one counts. Where a
     * queue delays events, no more than its delay.
     */
    @WithDefault("PT5S")
    Duration quiet();
}
