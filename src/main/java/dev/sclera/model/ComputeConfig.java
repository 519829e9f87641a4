package dev.sclera.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;

/** What graphs run on. */
@ConfigMapping(prefix = "sclera.compute")
public interface ComputeConfig {

    /** {@code auto}, {@code cpu} or {@code cuda}. */
    @WithParentName
    @WithDefault("auto")
    Compute compute();
}
