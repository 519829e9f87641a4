package dev.sclera.problem;

/** The store does not answer, refuses, or is full: the request may succeed when it is repeated later. */
public final class StorageException extends ProblemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what the store was asked for and what it answered, and what to do
     * @param cause the failure beneath
     */
    public StorageException(String message, Throwable cause) {
        super(ProblemKind.STORAGE, null, message, cause);
    }
}
