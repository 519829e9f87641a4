package dev.sclera.problem;

/** The kinds of problems, and all that follows from a kind alone. */
public enum ProblemKind {

    /** A value of a request is outside of what is allowed. */
    INVALID_VALUE("invalid-value", "Invalid value", 400, 2, false),

    /** What the caller supplied cannot be used as what it claims to be. */
    UNUSABLE_INPUT("unusable-input", "Unusable input", 422, 3, false),

    /** What the request names does not exist; it may yet come. */
    MISSING_ARTIFACT("missing-artifact", "Missing artifact", 404, 4, true),

    /** What the request would write is there already, with different content. */
    CONFLICT("conflict", "Conflict", 409, 5, false),

    /** The bytes of an artifact are not those that its record promises. */
    CORRUPT_ARTIFACT("corrupt-artifact", "Corrupt artifact", 500, 6, false),

    /** The store, or another service, does not answer or refuses. */
    STORAGE("storage", "Storage failure", 503, 7, true);

    private final String type;
    private final String title;
    private final int status;
    private final int exitCode;
    private final boolean retryHelps;

    ProblemKind(String type, String title, int status, int exitCode, boolean retryHelps) {
        this.type = type;
        this.title = title;
        this.status = status;
        this.exitCode = exitCode;
        this.retryHelps = retryHelps;
    }

    /** A short, stable name for machines, for example {@code invalid-value}. */
    public String type() {
        return type;
    }

    /** A short, stable title for people, for example {@code Invalid value}. */
    public String title() {
        return title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** With which programs end, 2 to 7. */
    public int exitCode() {
        return exitCode;
    }

    /**
     * Whether the same request may succeed when it comes again; where not, it depends on what does not change by
     * itself.
     */
    public boolean retryHelps() {
        return retryHelps;
    }
}
