package dev.sclera.progress;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Work that was not begun, for somebody else is at it: no fault of the work's. Who asked for it may ask again, lest it
 * is lost where that somebody ends before it is done.
 */
public final class HeldElsewhereException extends WorkInterruptedException {

    private static final long serialVersionUID = 1L;

    private final Instant until;

    /**
     * @param what is being done, for example {@code the step 00000-craft}
     * @param until when it is taken for given up, unless it is done by then or goes on
     */
    public HeldElsewhereException(String what, Instant until) {
        super("Somebody else is at %s. Ask again after %s.".formatted(what, until));
        this.until = requireNonNull(until, "until is null");
    }

    /** When to ask again. */
    public Instant until() {
        return until;
    }
}
