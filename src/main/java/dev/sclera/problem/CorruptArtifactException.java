package dev.sclera.problem;

/** The bytes of an artifact are not those that its record promises; nothing is computed from them. */
public final class CorruptArtifactException extends ProblemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param key the object that is corrupt
     * @param message what does not fit, and what to do
     */
    public CorruptArtifactException(String key, String message) {
        super(ProblemKind.CORRUPT_ARTIFACT, key, message, null);
    }
}
