package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.sclera.dataset.image.UnusableImageException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * One thing that an import left out, and why: one line of {@code rejected.jsonl}.
 *
 * @param file the image, as its path below the imported folder, as the labels name it, or as {@code train/17} of a
 *     {@code .npz}
 * @param reason what is wrong with it
 * @param detail the same in one sentence, with the value at fault
 */
public record Rejection(String file, Reason reason, String detail) {

    public Rejection {
        requireNonNull(file, "file is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(detail, "detail is null");
    }

    static Rejection of(String file, UnusableImageException cause) {
        Reason reason = switch (cause.defect()) {
            case NOT_AN_IMAGE -> Reason.NOT_AN_IMAGE;
            case TRUNCATED -> Reason.TRUNCATED;
            case DAMAGED -> Reason.DAMAGED;
            case TOO_LARGE -> Reason.TOO_LARGE;
            case UNSUPPORTED -> Reason.UNSUPPORTED;
        };
        return new Rejection(file, reason, String.valueOf(cause.getMessage()));
    }

    /** Without the cause's message, which would bring the folder's path into what has to follow from content alone. */
    static Rejection of(String file, IOException cause) {
        return new Rejection(
                file,
                Reason.UNREADABLE,
                "it cannot be read (%s)".formatted(cause.getClass().getSimpleName()));
    }

    /** Why an image was left out; {@link #code()} is what files and messages say. */
    public enum Reason {
        /** Labelled, but not there. */
        MISSING_FILE,
        /** There, but without a label. */
        NO_LABEL,
        /** Its label is not a grade from 0 to 4. */
        WRONG_GRADE,
        /** Its label names a path outside of the folder. */
        OUTSIDE_FOLDER,
        /** Its label fits several files. */
        AMBIGUOUS,
        /** Labelled before, with the same grade. */
        REPEATED_LABEL,
        /** Labelled several times, with different grades: none is used. */
        CONFLICTING_LABELS,
        /** The file cannot be read from the disk. */
        UNREADABLE,
        /** In none of the formats that can be decoded. */
        NOT_AN_IMAGE,
        /** The file ends before the image does. */
        TRUNCATED,
        /** The file's bytes contradict themselves. */
        DAMAGED,
        /** More pixels than allowed. */
        TOO_LARGE,
        /** A valid image of a kind that is no photograph. */
        UNSUPPORTED,
        /** The same pixels and grade as another image, which is kept. */
        DUPLICATE,
        /** The same pixels as another image with another grade: neither is kept. */
        CONFLICTING_GRADES;

        /** The reason as files have it, for example {@code missing-file}. */
        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The reason with this code. */
        @JsonCreator
        public static Reason ofCode(String code) {
            return Arrays.stream(values())
                    .filter(reason -> reason.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown reason " + code));
        }
    }
}
