package dev.sclera.metrics;

import java.util.Locale;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.jspecify.annotations.Nullable;

/**
 * Whether a mean difference is shown to be smaller in size than a margin, by two one-sided t-tests (TOST; Schuirmann
 * 1987, "A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of
 * average bioavailability"). Equivalence is shown where both tests reject, which is where the interval of level
 * {@code 1 - 2 significance} lies within the margin.
 *
 * <p>Where no pair differs there is no standard error; p is then {@code (1 - margin / range)^n}, range the most that a
 * pair can differ by: a mean difference as large as the margin needs at least a share {@code margin / range} of pairs
 * that differ, of which n draws have met none. So 2 equal pairs show nothing, and 518 do. Where all pairs differ by the
 * same amount other than 0, nothing is shown.
 *
 * @param pairs how many pairs
 * @param margin the size of difference that no longer counts as equal, above 0
 * @param significance the chance of a wrong verdict of equivalence, above 0 and below 0.5
 * @param meanDifference the mean of first minus second; undefined without pairs
 * @param interval of the mean difference, of level {@code 1 - 2 significance}; undefined without spread
 * @param degreesOfFreedom {@code pairs - 1}, or 0 without pairs
 * @param pAboveLower p against a true mean difference of {@code -margin} or below
 * @param pBelowUpper p against a true mean difference of {@code margin} or above
 * @param p the larger of the two
 * @param verdict whether equivalence is shown
 * @param remark why the answer is what it is where there is no spread; null in the usual case
 */
public record Equivalence(
        int pairs,
        double margin,
        double significance,
        Measure meanDifference,
        ConfidenceInterval interval,
        int degreesOfFreedom,
        Measure pAboveLower,
        Measure pBelowUpper,
        Measure p,
        Verdict verdict,
        @Nullable String remark) {

    /** The difference of two kappas below which they count as equal, unless a caller says otherwise. */
    public static final double DEFAULT_MARGIN = 0.02;

    /** What such a test can say: that it shows no equivalence is no sign of a difference. */
    public enum Verdict {
        EQUIVALENT,
        NOT_SHOWN
    }

    /** The test at a significance of 0.05, so with an interval of level 0.90. */
    public static Equivalence of(double[] first, double[] second, double margin) {
        return of(first, second, margin, 0.05);
    }

    /**
     * The test of paired figures that lie at most 1 apart, such as kappas; the 1 matters only where no pair differs.
     *
     * @param first {@code [n]}, each finite
     * @param second {@code [n]}, in the same order
     * @param margin above 0, finite
     * @param significance above 0 and below 0.5
     * @throws IllegalArgumentException if the lengths differ, a figure is not finite or beyond 1e100 in size, or a
     *     setting is out of range
     */
    public static Equivalence of(double[] first, double[] second, double margin, double significance) {
        return of(MeanDifference.of(new PairedFigures(first, second)), 1, margin, significance);
    }

    /**
     * The test over images of the difference of one figure, on its {@link PseudoValues}; see
     * {@link PairedT#overImages}. The most that an image can differ by, where none does, is taken to be the distance
     * between the highest and lowest pseudo-values, or 1 if that is less.
     *
     * @param margin above 0, finite
     * @param significance above 0 and below 0.5
     * @throws IllegalArgumentException if the two have different numbers of images, or a setting is out of range
     */
    public static Equivalence overImages(
            ImageStatistic first, ImageStatistic second, double margin, double significance) {
        PseudoValues one = PseudoValues.of(first);
        PseudoValues other = PseudoValues.of(second);
        double range = Math.max(1, Math.max(one.range(), other.range()));
        return of(one.minus(other), range, margin, significance);
    }

    private static Equivalence of(MeanDifference difference, double range, double margin, double significance) {
        if (!(margin > 0 && Double.isFinite(margin))) {
            throw new IllegalArgumentException("margin is " + margin + ", but has to be above 0 and finite.");
        }
        Proportions.requireInside("significance", significance, 0.5);
        Measure aboveLower = difference.p(-margin, AlternativeHypothesis.GREATER_THAN);
        Measure belowUpper = difference.p(margin, AlternativeHypothesis.LESS_THAN);
        String remark = difference.whyNoSpread();
        if (difference.same()) {
            aboveLower = Measure.of(Math.pow(Math.max(0, 1 - margin / range), difference.pairs()));
            belowUpper = aboveLower;
            remark += String.format(
                    Locale.ROOT,
                    "; p is the chance of that where they differ by %s on average, and by at most %.4g",
                    margin,
                    range);
        }
        Measure larger =
                aboveLower.defined() && aboveLower.orElseThrow() > belowUpper.orElseThrow() ? aboveLower : belowUpper;
        boolean shown = larger.defined() && larger.orElseThrow() <= significance;
        return new Equivalence(
                difference.pairs(),
                margin,
                significance,
                difference.mean(),
                difference.interval(1 - 2 * significance),
                difference.degreesOfFreedom(),
                aboveLower,
                belowUpper,
                larger,
                shown ? Verdict.EQUIVALENT : Verdict.NOT_SHOWN,
                remark);
    }
}
