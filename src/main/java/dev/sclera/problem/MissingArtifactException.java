package dev.sclera.problem;

/** An artifact that the request names does not exist. */
public final class MissingArtifactException extends ProblemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param field the field of the request that named the artifact, for example {@code dataset}
     * @param message what is missing, and how to make it
     */
    public MissingArtifactException(String field, String message) {
        super(ProblemKind.MISSING_ARTIFACT, field, message, null);
    }
}
