package dev.sclera.problem;

/** What the request would write is there already, with different content. */
public final class ConflictException extends ProblemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param field the field of the request that named the artifact, for example {@code name}
     * @param message what is there already, and what to do
     */
    public ConflictException(String field, String message) {
        super(ProblemKind.CONFLICT, field, message, null);
    }
}
