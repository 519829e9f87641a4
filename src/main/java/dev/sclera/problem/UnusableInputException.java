package dev.sclera.problem;

/**
 * A file or an artifact that the caller supplied (a model, a dataset, an image) cannot be used as what it claims to be.
 */
public final class UnusableInputException extends ProblemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param field the field of the request that named the input, for example {@code model}
     * @param message what is wrong with it, and what to do
     */
    public UnusableInputException(String field, String message) {
        super(ProblemKind.UNUSABLE_INPUT, field, message, null);
    }

    /**
     * @param field the field of the request that named the input, for example {@code model}
     * @param message what is wrong with it, and what to do
     * @param cause what found the fault
     */
    public UnusableInputException(String field, String message, Throwable cause) {
        super(ProblemKind.UNUSABLE_INPUT, field, message, cause);
    }
}
