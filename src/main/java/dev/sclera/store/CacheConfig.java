package dev.sclera.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Whether large objects are kept on the disk once they were read. */
@ConfigMapping(prefix = "sclera.cache")
public interface CacheConfig {

    /** The folder to keep them in, for example {@code /tmp/sclera} on Lambda; where none is given, none are kept. */
    Optional<Path> folder();

    /** How much of the disk they may take, in megabytes (2^20 bytes). */
    @WithDefault("512")
    int megabytes();
}
