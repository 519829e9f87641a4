package dev.sclera.functions.lambda;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.Context;
import dev.sclera.progress.Interruption;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Wants work to end while there is time to save it. Lambda gives a process one invocation at a time, so there is one
 * deadline at a time.
 */
@Singleton
public class InvocationDeadline implements Interruption {

    /** Of any invocation. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Duration reserve;
    private volatile long end = Long.MAX_VALUE;

    public InvocationDeadline(LambdaConfig config) {
        this.reserve = requireNonNull(config.reserve(), "reserve is null");
    }

    /**
     * An invocation begins. An event server that tells of no deadline leaves it no time at all, which Lambda never
     * does.
     */
    void begin(Context context) {
        int remaining = context.getRemainingTimeInMillis();
        end = remaining <= 0
                ? Long.MAX_VALUE
                : System.nanoTime()
                        + Duration.ofMillis(remaining).minus(reserve).toNanos();
    }

    /** What is left until Lambda ends the process; a long time where nobody told of a deadline. */
    Duration left() {
        return end == Long.MAX_VALUE
                ? LONGEST
                : Duration.ofNanos(end - System.nanoTime()).plus(reserve);
    }

    @Override
    public boolean requested() {
        return end != Long.MAX_VALUE && System.nanoTime() - end >= 0;
    }
}
