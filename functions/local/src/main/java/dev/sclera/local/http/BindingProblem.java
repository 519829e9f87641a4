package dev.sclera.local.http;

import dev.sclera.problem.Problem;
import dev.sclera.progress.WorkInterruptedException;

/** What the binding by itself refuses, as problems. */
final class BindingProblem {

    private BindingProblem() {}

    /** Of work that is to be asked for again: brokers do so by themselves. */
    static Problem later(WorkInterruptedException interrupted) {
        return new Problem(
                "urn:sclera:problem:later", "Ask again later", 503, String.valueOf(interrupted.getMessage()), null);
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
                        "There is no function at \"%s\". There are: POST /grade, /craft, /perturb, /evaluate, /report, /finetune, /finetune-status, /campaign, /campaign-start, /campaign-status, /uploaded, /campaign-step, /campaign-advance, /campaign-given-up, /finetune-ended, /finetune-watch."
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
            default -> Problem.internal(status);
        };
    }
}
