package dev.sclera.functions.lambda;

import dev.sclera.progress.InterruptibleProgress;
import dev.sclera.progress.LogProgress;
import dev.sclera.progress.Progress;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Log lines, and an end of the work before Lambda ends the process. */
@Singleton
public class LambdaProgress {

    /** The progress of whatever an invocation asks for. */
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    public Progress progress(InvocationDeadline deadline) {
        return new InterruptibleProgress(new LogProgress(), deadline);
    }
}
