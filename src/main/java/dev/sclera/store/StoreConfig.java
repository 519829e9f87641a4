package dev.sclera.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where the artifacts are. */
@ConfigMapping(prefix = "sclera.store")
public interface StoreConfig {

    /** The bucket. On one machine, where it is not given, a folder is the store. */
    Optional<String> bucket();

    /** The S3 endpoint; AWS' own for the region where none is given. */
    Optional<URI> endpoint();

    /** The region. */
    @WithDefault("us-east-1")
    String region();

    /** The access key; where none is given, AWS' default chain finds credentials (environment, profile, role). */
    Optional<String> accessKey();

    /** The secret that belongs to the access key. */
    Optional<String> secretKey();

    /** Whether to create the bucket where there is none. */
    @WithDefault("false")
    boolean createBucket();
}
