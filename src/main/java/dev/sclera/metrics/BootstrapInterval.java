package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A figure with its bootstrap interval.
 *
 * @param estimate the figure over the images themselves
 * @param lower the lower end; null, as is the upper, where the estimate or every resample is undefined
 * @param upper the upper end, at least the lower
 * @param level the coverage aimed at, above 0 and below 1
 * @param resamples how many resamples were asked for
 * @param undefinedResamples how many of them were left out because the figure is undefined on them: 0 in the usual
 *     case; many mean that the interval says little
 */
public record BootstrapInterval(
        Measure estimate,
        @Nullable Double lower,
        @Nullable Double upper,
        double level,
        int resamples,
        int undefinedResamples) {

    /** @throws IllegalArgumentException if one end is missing without the other, or they are in the wrong order */
    public BootstrapInterval {
        requireNonNull(estimate, "estimate is null");
        if ((lower == null) != (upper == null)) {
            throw new IllegalArgumentException(
                    "An interval has both ends or neither, but got " + lower + " and " + upper + ".");
        }
        if (lower != null && upper != null && !(lower <= upper)) {
            throw new IllegalArgumentException(
                    "The ends of an interval are " + lower + " and " + upper + ", but the lower comes first.");
        }
    }

    /** Whether there are ends. */
    public boolean bounded() {
        return lower != null;
    }
}
