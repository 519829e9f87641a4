package dev.sclera.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is answered where a request fails: a problem document (RFC 9457).
 *
 * @param type a stable name of the kind of problem
 * @param title the same for people
 * @param status the HTTP status
 * @param detail what is wrong, and what to do
 * @param field the field of the request that is at fault, where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String field) {

    /** The media type of such documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** What a caller can act on. */
    public static Problem of(ProblemException e) {
        return new Problem(
                "urn:sclera:problem:" + e.kind().type(),
                e.kind().title(),
                e.kind().status(),
                String.valueOf(e.getMessage()),
                e.field().orElse(null));
    }

    /** What nobody foresaw; the details are for the log alone. */
    public static Problem internal(int status) {
        return new Problem(
                "urn:sclera:problem:internal",
                "Internal error",
                status,
                "The function failed in a way that it does not know; the server's log says more.",
                null);
    }
}
