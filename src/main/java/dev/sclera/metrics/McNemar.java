package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;
import org.jspecify.annotations.Nullable;

/**
 * McNemar's test of whether two graders are right equally often on the same images (McNemar 1947, "Note on the sampling
 * error of the difference between correlated proportions or percentages"). Only discordant images, on which exactly one
 * of the two is right, say anything.
 *
 * <p>With fewer than {@value #FEWEST_APPROXIMATED} of them p is that of the binomial distribution at 1/2; else that of
 * chi-squared with one degree of freedom, {@code (|b - c| - 1)² / (b + c)}, corrected for continuity (Edwards 1948,
 * "Note on the correction for continuity in testing the significance of the difference between correlated
 * proportions"). Without any, p is 1.
 *
 * @param images how many images
 * @param onlyFirst b, on how many the first alone is right
 * @param onlySecond c, on how many the second alone is right
 * @param odds {@code b / c}, the odds that it is the first which is right where one alone is; undefined where c is 0
 * @param method how p was worked out
 * @param chiSquared the statistic; undefined where p is exact
 * @param p two-sided, 0 to 1; undefined without images
 * @param remark why the answer is what it is where no image is discordant; null in the usual case
 */
public record McNemar(
        long images,
        long onlyFirst,
        long onlySecond,
        Measure odds,
        PMethod method,
        Measure chiSquared,
        Measure p,
        @Nullable String remark) {

    /** From how many discordant images on p is that of chi-squared. */
    public static final int FEWEST_APPROXIMATED = 25;

    /**
     * The test of two sets of predictions.
     *
     * @param truth the true grade of each image, {@code [n]}
     * @param first the grade that the first predicts, {@code [n]}, in the same order
     * @param second the grade that the second predicts, {@code [n]}, in the same order
     * @throws IllegalArgumentException if the lengths differ
     */
    public static McNemar of(int[] truth, int[] first, int[] second) {
        requireSameLength("first", first, truth);
        requireSameLength("second", second, truth);
        long onlyFirst = 0;
        long onlySecond = 0;
        for (int i = 0; i < truth.length; i++) {
            boolean firstRight = first[i] == truth[i];
            boolean secondRight = second[i] == truth[i];
            onlyFirst += firstRight && !secondRight ? 1 : 0;
            onlySecond += secondRight && !firstRight ? 1 : 0;
        }
        return of(truth.length, onlyFirst, onlySecond);
    }

    /**
     * The test of counts.
     *
     * @param images how many images, discordant or not
     * @param onlyFirst on how many the first alone is right
     * @param onlySecond on how many the second alone is right
     * @throws IllegalArgumentException if a count is negative, or there are more discordant images than images
     */
    public static McNemar of(long images, long onlyFirst, long onlySecond) {
        if (onlyFirst < 0 || onlySecond < 0 || images - onlyFirst < onlySecond) {
            throw new IllegalArgumentException("Of " + images + " images, the first alone is said to be right on "
                    + onlyFirst + " and the second alone on " + onlySecond
                    + ", but counts are 0 or more, and these two at most the images together.");
        }
        long discordant = onlyFirst + onlySecond;
        Measure odds = Measure.share(
                onlyFirst,
                onlySecond,
                discordant == 0 ? "no image is discordant" : "on no image is the second alone right");
        if (discordant >= FEWEST_APPROXIMATED) {
            double distance = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
            double chiSquared = distance * distance / discordant;
            double p = ChiSquaredDistribution.of(1).survivalProbability(chiSquared);
            return new McNemar(
                    images,
                    onlyFirst,
                    onlySecond,
                    odds,
                    PMethod.CHI_SQUARED_APPROXIMATION,
                    Measure.of(chiSquared),
                    Measure.of(p),
                    null);
        }
        Measure exact =
                Measure.undefined("p is exact, as fewer than " + FEWEST_APPROXIMATED + " images are discordant");
        return new McNemar(
                images,
                onlyFirst,
                onlySecond,
                odds,
                PMethod.EXACT,
                exact,
                exactP(images, (int) onlyFirst, (int) discordant),
                discordant > 0 ? null : images == 0 ? ConfusionMatrix.NO_IMAGES : "no image is discordant");
    }

    private static Measure exactP(long images, int onlyFirst, int discordant) {
        if (images == 0) {
            return Measure.undefined(ConfusionMatrix.NO_IMAGES);
        }
        if (discordant == 0) {
            return Measure.of(1);
        }
        // Twice the tail, as the library's own two-sided test looks for equal probabilities and rounding misleads it.
        int fewer = Math.min(onlyFirst, discordant - onlyFirst);
        double tail = BinomialTest.withDefaults()
                .with(AlternativeHypothesis.LESS_THAN)
                .test(discordant, fewer, 0.5)
                .getPValue();
        return Measure.of(Math.min(1, 2 * tail));
    }

    private static void requireSameLength(String name, int[] predicted, int[] truth) {
        requireNonNull(predicted, name + " is null");
        if (predicted.length != truth.length) {
            throw new IllegalArgumentException("truth has " + truth.length + " images and " + name + " has "
                    + predicted.length + ", but both have to hold the same images in the same order.");
        }
    }
}
