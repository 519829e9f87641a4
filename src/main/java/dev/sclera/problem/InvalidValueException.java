package dev.sclera.problem;

/** A value of a request is outside of what is allowed. */
public final class InvalidValueException extends ProblemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param field the name of the field as the caller wrote it, for example {@code epsilon}
     * @param value the value as the caller wrote it
     * @param allowed what is allowed, as a phrase that follows "Allowed: ", for example {@code 0 < epsilon <= 1}
     */
    public InvalidValueException(String field, Object value, String allowed) {
        super(
                ProblemKind.INVALID_VALUE,
                field,
                "The value of \"" + field + "\" is not valid: \"" + value + "\". Allowed: " + allowed + ".",
                null);
    }
}
