package dev.sclera.defense;

import java.util.Locale;
import java.util.Optional;

/**
 * Notices that training diverges: a loss that is no number, or one that stays far above where it began and above what
 * guessing costs.
 *
 * @param first the first step's mean loss; not finite before it
 * @param smoothed the running mean of the losses
 */
record DivergenceWatch(double first, double smoothed) {

    /** How many times the larger of the first loss and a guess' makes an explosion. */
    private static final double EXPLOSION = 3;

    private static final double SMOOTHING = 0.8;

    static DivergenceWatch fresh() {
        return new DivergenceWatch(Double.NaN, Double.NaN);
    }

    /** After a further step with this mean loss. */
    DivergenceWatch after(double loss) {
        return Double.isNaN(first)
                ? new DivergenceWatch(loss, loss)
                : new DivergenceWatch(first, SMOOTHING * smoothed + (1 - SMOOTHING) * loss);
    }

    /** What is wrong, where training diverges. */
    Optional<String> alarm(double loss, int classes) {
        if (!Double.isFinite(loss)) {
            return Optional.of("the loss was " + loss);
        }
        double bearable = EXPLOSION * Math.max(first, Math.log(classes));
        return smoothed > bearable
                ? Optional.of(
                        String.format(Locale.ROOT, "the loss rose from %.3g to %.3g", first, Math.max(loss, smoothed)))
                : Optional.empty();
    }
}
