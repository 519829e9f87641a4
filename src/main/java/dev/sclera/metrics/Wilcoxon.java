package dev.sclera.metrics;

import java.util.Arrays;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;
import org.jspecify.annotations.Nullable;

/**
 * Wilcoxon's signed-rank test of whether the differences of pairs lie symmetrically about 0 (Wilcoxon 1945, "Individual
 * comparisons by ranking methods"). Pairs that do not differ are left out before ranking, as he has it; ties share
 * their mean rank. Differences count as tied, or as 0, where they are so to within rounding.
 *
 * <p>p is exact for up to {@value #MOST_EXACT} pairs that differ, none of them tied. Else it is that of the normal
 * distribution with mean {@code n (n + 1) / 4} and variance {@code (n (n + 1) (2n + 1) - Σ t (t² - 1) / 2) / 24}, over
 * n pairs that differ and groups of t ties, W⁺ moved by 1/2 towards the mean (Hollander &amp; Wolfe 1999,
 * "Nonparametric statistical methods", §3.1). Where no pair differs p is 1: there is but one way to sign no ranks.
 *
 * @param pairs how many pairs
 * @param equalPairs how many of them do not differ, and were left out
 * @param positiveRanks W⁺, the sum of the ranks of the pairs in which the first is larger
 * @param negativeRanks W⁻, that of the pairs in which the second is larger
 * @param method how p was worked out
 * @param p two-sided, above 0 and at most 1; undefined without pairs
 * @param remark why the answer is what it is where no pair differs; null in the usual case
 */
public record Wilcoxon(
        int pairs,
        int equalPairs,
        double positiveRanks,
        double negativeRanks,
        PMethod method,
        Measure p,
        @Nullable String remark) {

    /** Up to how many pairs that differ p is exact. */
    public static final int MOST_EXACT = 50;

    /**
     * The test of paired figures.
     *
     * @param first {@code [n]}, each finite
     * @param second {@code [n]}, in the same order
     * @throws IllegalArgumentException if the lengths differ, or a figure is not finite or beyond 1e100 in size
     */
    public static Wilcoxon of(double[] first, double[] second) {
        double[] all = new PairedFigures(first, second).differencesThatTie();
        double[] differing = Arrays.stream(all).filter(d -> d != 0).toArray();
        if (all.length == 0) {
            return new Wilcoxon(
                    0, 0, 0, 0, PMethod.EXACT, Measure.undefined(MeanDifference.NO_PAIRS), MeanDifference.NO_PAIRS);
        }
        if (differing.length == 0) {
            String remark = "the two are the same in all " + all.length + " pairs";
            return new Wilcoxon(all.length, all.length, 0, 0, PMethod.EXACT, Measure.of(1), remark);
        }
        boolean exact = differing.length <= MOST_EXACT && !tied(differing);
        WilcoxonSignedRankTest.Result result = WilcoxonSignedRankTest.withDefaults()
                .with(exact ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
                .with(ContinuityCorrection.ENABLED)
                .test(differing);
        double ranks = differing.length * (differing.length + 1.0) / 2;
        return new Wilcoxon(
                all.length,
                all.length - differing.length,
                result.getStatistic(),
                ranks - result.getStatistic(),
                exact ? PMethod.EXACT : PMethod.NORMAL_APPROXIMATION,
                Measure.of(Math.min(1, result.getPValue())),
                null);
    }

    private static boolean tied(double[] differences) {
        return Arrays.stream(differences).map(Math::abs).distinct().count() < differences.length;
    }
}
