package dev.sclera.problem;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error that the caller can act on. Its message is one paragraph in the user's words: what was wrong, with which
 * value, what is allowed, and what to do next.
 */
public abstract sealed class ProblemException extends RuntimeException
        permits InvalidValueException,
                UnusableInputException,
                MissingArtifactException,
                ConflictException,
                CorruptArtifactException,
                StorageException {

    private static final long serialVersionUID = 1L;

    private final ProblemKind kind;
    private final @Nullable String field;

    ProblemException(ProblemKind kind, @Nullable String field, String message, @Nullable Throwable cause) {
        super(requireNonNull(message, "message is null"), cause);
        this.kind = requireNonNull(kind, "kind is null");
        this.field = field;
    }

    /** The field of the request that is at fault, where there is one. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** Which kind of problem it is. */
    public ProblemKind kind() {
        return kind;
    }
}
