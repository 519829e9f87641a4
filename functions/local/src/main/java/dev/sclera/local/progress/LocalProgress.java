package dev.sclera.local.progress;

import dev.sclera.local.LocalConfig;
import dev.sclera.progress.LogProgress;
import dev.sclera.progress.Progress;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** A bar where a person looks on, log lines elsewhere. */
@Singleton
public class LocalProgress {

    /** The progress of this process. */
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    public Progress progress(LocalConfig config) {
        return config.terminal() ? new TerminalProgress() : new LogProgress();
    }
}
