package dev.sclera.campaign;

import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Of a process that nobody ends at a known time: longer than any step takes from one mark of its progress to the next.
 */
@Singleton
final class OpenLeaseTerm implements LeaseTerm {

    private static final Duration TERM = Duration.ofMinutes(2);

    @Override
    public Duration term() {
        return TERM;
    }
}
