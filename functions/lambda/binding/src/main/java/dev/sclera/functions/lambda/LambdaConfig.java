package dev.sclera.functions.lambda;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What functions need to know of Lambda. */
@ConfigMapping(prefix = "sclera.lambda")
public interface LambdaConfig {

    /**
     * How long before an invocation's deadline work begins to save itself. The longest step of any work must fit in,
     * and writing what is saved: grading four images, or one turn of an attack.
     */
    @WithDefault("PT30S")
    Duration reserve();
}
