package dev.sclera.lambda.models;

import dev.sclera.model.Models;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Loads ONNX Runtime at the start where Lambda takes a snapshot after that, for it to be in the snapshot. Elsewhere it
 * is loaded when the first model is: a request that is not valid need not wait for it.
 */
@Singleton
public class RuntimeInSnapshot {

    void load(@Observes StartupEvent started, Config config, Models models) {
        boolean snapshot = config.getOptionalValue("AWS_LAMBDA_INITIALIZATION_TYPE", String.class)
                .filter("snap-start"::equals)
                .isPresent();
        if (snapshot) {
            models.openRuntime();
        }
    }
}
