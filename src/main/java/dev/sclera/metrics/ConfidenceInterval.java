package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The ends of an interval, or the reason why there are none. Ends are always finite.
 *
 * @param lower the lower end; null, as is the upper, where there is no interval
 * @param upper the upper end, at least the lower
 * @param level the coverage aimed at, above 0 and below 1
 * @param reason why there is no interval, a clause in the user's words; null where there is one
 */
public record ConfidenceInterval(
        @Nullable Double lower,
        @Nullable Double upper,
        double level,
        @Nullable String reason) {

    /** @throws IllegalArgumentException if it has neither ends nor a reason, or both, or ends in the wrong order */
    public ConfidenceInterval {
        Proportions.requireInside("level", level, 1);
        if ((lower == null) != (upper == null) || (lower == null) == (reason == null)) {
            throw new IllegalArgumentException("An interval has either both ends or the reason why there are none, but"
                    + " got " + lower + " and " + upper + " and the reason " + reason + ".");
        }
        if (lower != null && upper != null && !(lower <= upper && Double.isFinite(lower) && Double.isFinite(upper))) {
            throw new IllegalArgumentException("The ends of an interval are " + lower + " and " + upper
                    + ", but have to be finite, and the lower comes first.");
        }
    }

    /** @throws IllegalArgumentException if the ends are not finite, or in the wrong order */
    public static ConfidenceInterval of(double lower, double upper, double level) {
        return new ConfidenceInterval(lower, upper, level, null);
    }

    public static ConfidenceInterval undefined(double level, String reason) {
        return new ConfidenceInterval(null, null, level, requireNonNull(reason, "reason is null"));
    }

    /** Whether there are ends. */
    public boolean bounded() {
        return lower != null;
    }

    /** Whether there are ends, and both lie strictly between {@code -margin} and {@code margin}. */
    public boolean inside(double margin) {
        return lower != null && upper != null && -margin < lower && upper < margin;
    }
}
