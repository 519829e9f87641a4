package dev.sclera.dataset.image;

import static java.util.Objects.requireNonNull;

/** One image file that cannot be used, and why. Checked: whoever decodes many files has to go on with the next. */
public final class UnusableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Defect defect;

    /**
     * @param defect what kind of fault it is
     * @param detail what is wrong, in one sentence without a full stop
     */
    public UnusableImageException(Defect defect, String detail) {
        super(requireNonNull(detail, "detail is null"));
        this.defect = requireNonNull(defect, "defect is null");
    }

    /** What kind of fault it is. */
    public Defect defect() {
        return defect;
    }

    /** What an image file can suffer from. */
    public enum Defect {
        /** It is in none of the formats that can be decoded, whatever its name says. */
        NOT_AN_IMAGE,
        /** It ends before the image does. */
        TRUNCATED,
        /** Its bytes contradict themselves: a checksum, a marker or the coded data is wrong. */
        DAMAGED,
        /** It would decode to more pixels than are allowed. */
        TOO_LARGE,
        /**
         * It is a valid image of a kind that has no defined meaning as an RGB photograph, for example float samples.
         */
        UNSUPPORTED
    }
}
