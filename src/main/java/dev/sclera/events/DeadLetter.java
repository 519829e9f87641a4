package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.ProblemException;
import java.time.Instant;

/**
 * An event that could not be dealt with, {@code dead-letters/<id>.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param event the event
 * @param error why
 * @param attempts how often it was tried
 * @param time when it was given up
 */
public record DeadLetter(String schema, Event event, Fault error, int attempts, Instant time) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/dead-letter/1";

    /** The type of an event that was waiting when its process ended; nothing is wrong with it. */
    public static final String CUT_OFF = "cut-off";

    public DeadLetter {
        requireNonNull(schema, "schema is null");
        requireNonNull(event, "event is null");
        requireNonNull(error, "error is null");
    }

    /**
     * What went wrong.
     *
     * @param type a stable name of the kind of problem
     * @param detail what was wrong, and what to do
     */
    public record Fault(String type, String detail) {

        /** Of a failure, whose kind callers may know. */
        public static Fault of(Throwable failure) {
            String detail = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
            return new Fault(
                    failure instanceof ProblemException problem ? problem.kind().type() : "internal", detail);
        }
    }
}
