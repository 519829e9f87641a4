package dev.sclera.local.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.StorageException;
import dev.sclera.problem.UnusableInputException;
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

    static Problem of(ProblemException e) {
        return new Problem(
                "urn:sclera:problem:" + e.type(),
                e.title(),
                status(e),
                String.valueOf(e.getMessage()),
                e.field().orElse(null));
    }

    private static int status(ProblemException e) {
        if (e instanceof InvalidValueException) {
            return 400;
        }
        if (e instanceof MissingArtifactException) {
            return 404;
        }
        if (e instanceof ConflictException) {
            return 409;
        }
        if (e instanceof UnusableInputException) {
            return 422;
        }
        if (e instanceof StorageException) {
            return 503;
        }
        if (e instanceof CorruptArtifactException) {
            return 500;
        }
        throw new IllegalArgumentException("unknown problem " + e.getClass(), e);
    }

    /** Of a failure that brings nothing but a status: the binding's own answers. */
    static Problem of(int status, String path) {
        return switch (status) {
            case 400 ->
                new Problem(
                        "urn:sclera:problem:invalid-value",
                        "Invalid value",
                        400,
                        "The request's body is not one JSON object. Allowed: a JSON object of the function's fields.",
                        "body");
            case 404 ->
                new Problem(
                        "urn:sclera:problem:not-found",
                        "Not found",
                        404,
                        "There is no function at \"%s\". There are: POST /grade, /craft, /perturb, /evaluate, /report, /finetune, /finetune-status, /campaign, /uploaded, /campaign-step, /campaign-advance."
                                .formatted(path),
                        null);
            case 405 ->
                new Problem(
                        "urn:sclera:problem:method",
                        "Method not allowed",
                        405,
                        "Functions are called with POST and a JSON object as the body.",
                        null);
            case 406, 415 ->
                new Problem(
                        "urn:sclera:problem:media-type",
                        "Unsupported media type",
                        415,
                        "The body's media type is not known. Allowed: application/json, application/cloudevents+json.",
                        "Content-Type");
            default ->
                new Problem(
                        "urn:sclera:problem:internal",
                        "Internal error",
                        status,
                        "The function failed in a way that it does not know; the server's log says more.",
                        null);
        };
    }
}
