package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.TTest;
import org.jspecify.annotations.Nullable;

/**
 * The mean of the differences of pairs and how far it can be trusted, or why that cannot be said.
 *
 * <p>Differences that agree to within rounding have no spread: 0.3 - 0.1 and 0.4 - 0.2 are one and the same. Nor have
 * those that agree to within 1e-154, whose squares are beyond the reach of a double.
 */
final class MeanDifference {

    static final String NO_PAIRS = "there are no pairs";

    private final int pairs;
    private final Measure mean;
    private final double variance;
    private final boolean same;
    private final @Nullable String whyNoSpread;

    private MeanDifference(int pairs, Measure mean, double variance, boolean same, @Nullable String whyNoSpread) {
        this.pairs = pairs;
        this.mean = mean;
        this.variance = variance;
        this.same = same;
        this.whyNoSpread = whyNoSpread;
    }

    static MeanDifference undefined(int pairs, String reason) {
        return new MeanDifference(pairs, Measure.undefined(reason), 0, false, reason);
    }

    static MeanDifference of(PairedFigures figures) {
        return of(figures.differences(), figures.rounding());
    }

    /**
     * @param differences {@code [pairs]}, each finite
     * @param rounding how much of a difference is the error of its arithmetic, at most
     */
    static MeanDifference of(double[] differences, double rounding) {
        int pairs = differences.length;
        if (pairs == 0) {
            return undefined(0, NO_PAIRS);
        }
        double mean = Arrays.stream(differences).sum() / pairs;
        if (pairs == 1) {
            return new MeanDifference(1, Measure.of(mean), 0, false, "one pair alone has no spread");
        }
        double least = Arrays.stream(differences).min().orElseThrow();
        double greatest = Arrays.stream(differences).max().orElseThrow();
        double variance = Arrays.stream(differences)
                        .map(difference -> (difference - mean) * (difference - mean))
                        .sum()
                / (pairs - 1);
        if (greatest - least > rounding && variance >= Double.MIN_NORMAL) {
            return new MeanDifference(pairs, Measure.of(mean), variance, false, null);
        }
        boolean same = Math.max(Math.abs(least), Math.abs(greatest)) <= rounding;
        String reason = same
                ? "the two are the same in all " + pairs + " pairs"
                : "all " + pairs + " differences are " + String.format(Locale.ROOT, "%.4g", mean)
                        + ", so there is no spread to weigh their mean against";
        return new MeanDifference(pairs, Measure.of(same ? 0 : mean), 0, same, reason);
    }

    int pairs() {
        return pairs;
    }

    Measure mean() {
        return mean;
    }

    int degreesOfFreedom() {
        return Math.max(0, pairs - 1);
    }

    /** Whether there are at least two pairs, and none of them differs. */
    boolean same() {
        return same;
    }

    /** Null where there is a spread. */
    @Nullable
    String whyNoSpread() {
        return whyNoSpread;
    }

    /** {@code (mean - shift) / standard error}; undefined without spread. */
    Measure t(double shift) {
        return whyNoSpread != null
                ? Measure.undefined(whyNoSpread)
                : Measure.of(TTest.withDefaults().withMu(shift).statistic(mean.orElseThrow(), variance, pairs));
    }

    /** The p-value against a true mean of {@code shift}; undefined without spread. */
    Measure p(double shift, AlternativeHypothesis alternative) {
        if (whyNoSpread != null) {
            return Measure.undefined(whyNoSpread);
        }
        TTest test = TTest.withDefaults().withMu(shift).with(requireNonNull(alternative));
        return Measure.of(
                Math.min(1, test.test(mean.orElseThrow(), variance, pairs).getPValue()));
    }

    ConfidenceInterval interval(double level) {
        if (whyNoSpread != null) {
            return ConfidenceInterval.undefined(level, whyNoSpread);
        }
        double reach = TDistribution.of(degreesOfFreedom()).inverseSurvivalProbability((1 - level) / 2)
                * Math.sqrt(variance / pairs);
        return ConfidenceInterval.of(mean.orElseThrow() - reach, mean.orElseThrow() + reach, level);
    }
}
