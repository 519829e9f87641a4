package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What came of an upload.
 *
 * @param key the object's key
 * @param outcome what came of it
 * @param detail why, in words
 * @param campaign the campaign's id, where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UploadAnswer(
        String key,
        Outcome outcome,
        String detail,
        @Nullable String campaign) {

    public UploadAnswer {
        requireNonNull(key, "key is null");
        requireNonNull(outcome, "outcome is null");
        requireNonNull(detail, "detail is null");
    }

    /** What may come of an upload. */
    public enum Outcome {
        /** A campaign was begun, or goes on. */
        STARTED,
        /** The campaign of this very model was finished before. */
        FINISHED,
        /** Sclera made this model itself. */
        OWN,
        /** The object is no model by its key, lies in another bucket, or nobody said what to ask of models. */
        IGNORED,
        /** The object is another one by now, or gone: the event of that one counts. */
        SUPERSEDED,
        /** The object is no model that Sclera can use. */
        REFUSED
    }
}
