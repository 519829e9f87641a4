package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is, {@code finetunes/<id>/status.json}; replaced as it goes on.
 *
 * @param schema {@value #SCHEMA}
 * @param state what becomes of it
 * @param epoch how many epochs are done
 * @param epochs of how many
 * @param images how many training images were used, over all epochs
 * @param totalImages of how many
 * @param error why it failed, in the user's words; null where it did not
 * @param updated when this was written, UTC
 */
public record FinetuneStatus(
        String schema,
        State state,
        int epoch,
        int epochs,
        long images,
        long totalImages,
        @Nullable String error,
        Instant updated) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/finetune-status/1";

    public FinetuneStatus {
        requireNonNull(schema, "schema is null");
        requireNonNull(state, "state is null");
        requireNonNull(updated, "updated is null");
    }

    /** What becomes of a job. */
    public enum State {
        /** Nobody has begun. */
        QUEUED,
        /** Under way; or cut off, where it was not updated for long: whoever runs it again goes on from there. */
        RUNNING,
        /** It was asked to end, and saved all it had: whoever runs it again goes on from there. */
        INTERRUPTED,
        /** The repaired grader is there. */
        SUCCEEDED,
        /** There is no repaired grader; {@code error} says why. */
        FAILED
    }

    static FinetuneStatus of(State state, FinetuneSpec spec, int epoch, long images, long totalImages) {
        return new FinetuneStatus(
                SCHEMA, state, epoch, spec.optimisation().epochs(), images, totalImages, null, Instant.now());
    }

    /** The same, in another state now. */
    FinetuneStatus in(State other) {
        return new FinetuneStatus(SCHEMA, other, epoch, epochs, images, totalImages, null, Instant.now());
    }

    FinetuneStatus failed(String why) {
        return new FinetuneStatus(SCHEMA, State.FAILED, epoch, epochs, images, totalImages, why, Instant.now());
    }
}
