package dev.sclera.metrics;

import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.jspecify.annotations.Nullable;

/**
 * Student's paired t-test of whether the mean difference is 0 (Student 1908, "The probable error of a mean"): {@code t
 * = mean / (s / √n)} with n - 1 degrees of freedom, s the standard deviation of the n differences. A high p does not
 * mean that the two are equal: ask {@link Equivalence} for that.
 *
 * <p>Where no pair differs, p is 1: whatever the signs of the differences, their mean is the same. Where all differ by
 * the same amount other than 0, t would be infinite and p is undefined.
 *
 * @param pairs how many pairs
 * @param meanDifference the mean of first minus second; undefined without pairs
 * @param interval the interval of the mean difference; undefined without spread
 * @param t the statistic; undefined without spread
 * @param degreesOfFreedom {@code pairs - 1}, or 0 without pairs
 * @param p two-sided, 0 to 1
 * @param remark why the answer is what it is where there is no spread; null in the usual case
 */
public record PairedT(
        int pairs,
        Measure meanDifference,
        ConfidenceInterval interval,
        Measure t,
        int degreesOfFreedom,
        Measure p,
        @Nullable String remark) {

    /** The test with an interval of level 0.95. */
    public static PairedT of(double[] first, double[] second) {
        return of(first, second, 0.95);
    }

    /**
     * The test of paired figures, such as the kappas of several models before and after.
     *
     * @param first {@code [n]}, each finite
     * @param second {@code [n]}, in the same order
     * @param level of the interval, above 0 and below 1
     * @throws IllegalArgumentException if the lengths differ, a figure is not finite or beyond 1e100 in size, or the
     *     level is out of range
     */
    public static PairedT of(double[] first, double[] second, double level) {
        return of(MeanDifference.of(new PairedFigures(first, second)), level);
    }

    /**
     * The test over images of the difference of one figure, on its {@link PseudoValues}: {@code meanDifference} is then
     * the jackknife's estimate of the difference, which for an accuracy is the difference itself, and for a kappa is so
     * up to a bias of order 1/n.
     *
     * @param level of the interval, above 0 and below 1
     * @throws IllegalArgumentException if the two have different numbers of images, or the level is out of range
     */
    public static PairedT overImages(ImageStatistic first, ImageStatistic second, double level) {
        return of(PseudoValues.of(first).minus(PseudoValues.of(second)), level);
    }

    private static PairedT of(MeanDifference difference, double level) {
        Proportions.requireInside("level", level, 1);
        return new PairedT(
                difference.pairs(),
                difference.mean(),
                difference.interval(level),
                difference.t(0),
                difference.degreesOfFreedom(),
                difference.same() ? Measure.of(1) : difference.p(0, AlternativeHypothesis.TWO_SIDED),
                difference.whyNoSpread());
    }
}
