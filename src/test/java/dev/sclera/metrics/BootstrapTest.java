package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {

    /**
     * The bootstrap distribution of an accuracy is binomial, so its percentiles are known: of 391 right out of 533,
     * scipy 1.17.1's binom.ppf at 0.025 and 0.975 gives 371 and 411. Sampling error and the step of one image allow for
     * the tolerance.
     */
    @Test
    void theIntervalOfAnAccuracyIsTheBinomialOne() {
        ImageStatistic accuracy = Grading.of(ReferenceMatrices.FIVE_GRADES).statistic(ConfusionMatrix::accuracy);

        BootstrapInterval interval = new Bootstrap(20_000, 0.95, 7).interval(accuracy);

        assertThat(interval.estimate().orElseThrow()).isCloseTo(391 / 533.0, within(1e-15));
        assertThat(interval.lower()).isCloseTo(371 / 533.0, within(1.001 / 533));
        assertThat(interval.upper()).isCloseTo(411 / 533.0, within(1.001 / 533));
        assertThat(interval.undefinedResamples()).isZero();
    }

    /** Truth: scipy.stats.bootstrap of scipy 1.17.1, method "percentile", 50,000 resamples: 0.77464 to 0.85351. */
    @Test
    void theIntervalOfQuadraticKappaIsThatOfScipy() {
        ImageStatistic kappa = Grading.of(ReferenceMatrices.FIVE_GRADES).statistic(CohenKappa.QUADRATIC);

        BootstrapInterval interval = new Bootstrap(20_000, 0.95, 7).interval(kappa);

        assertThat(interval.lower()).isCloseTo(0.77464, within(0.002));
        assertThat(interval.upper()).isCloseTo(0.85351, within(0.002));
    }

    /**
     * 200 images: the first grader alone is right on 30, the second alone on 14. The difference of their accuracies is
     * then, over resamples, a sum of 200 steps of +1, 0 or -1; convolving that with numpy 2.4.6 puts its 2.5 % and 97.5
     * % points at 3/200 and 29/200.
     */
    @Test
    void theIntervalOfAPairedDifferenceIsTheTrinomialOne() {
        int[] truth = new int[200];
        int[] first =
                IntStream.range(0, 200).map(i -> i < 30 ? 0 : i < 44 ? 1 : 0).toArray();
        int[] second = IntStream.range(0, 200).map(i -> i < 30 ? 1 : 0).toArray();
        ImageStatistic difference = ImageStatistic.of(truth, first, 2, ConfusionMatrix::accuracy)
                .minus(ImageStatistic.of(truth, second, 2, ConfusionMatrix::accuracy));

        BootstrapInterval interval = new Bootstrap(20_000, 0.95, 11).interval(difference);

        assertThat(interval.estimate().orElseThrow()).isCloseTo(0.08, within(1e-12));
        assertThat(interval.lower()).isCloseTo(3 / 200.0, within(1.001 / 200));
        assertThat(interval.upper()).isCloseTo(29 / 200.0, within(1.001 / 200));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theIntervalHoldsTheEstimate(long seed) {
        Grading grading = Grading.random(new SplittableRandom(seed), 518, 5, 0.4);

        for (CohenKappa kappa : CohenKappa.values()) {
            BootstrapInterval interval = Bootstrap.seeded(seed).interval(grading.statistic(kappa));
            assertThat(interval.estimate()).isEqualTo(kappa.of(grading.matrix()));
            assertThat(interval.estimate().orElseThrow()).isBetween(interval.lower(), interval.upper());
        }
    }

    /**
     * Truth: the resamples drawn by an own SplitMix64 in Python, their kappas by scikit-learn 1.9.1, the percentiles by
     * numpy 2.4.6 (linear).
     */
    @Test
    void theResamplesOfASeedCanBeDrawnAgainElsewhere() {
        ImageStatistic kappa = Grading.of(ReferenceMatrices.FIVE_GRADES).statistic(CohenKappa.UNWEIGHTED);

        BootstrapInterval interval = Bootstrap.seeded(3).interval(kappa);

        assertThat(interval.lower()).isCloseTo(0.5530998786243353, within(1e-12));
        assertThat(interval.upper()).isCloseTo(0.6519094551460364, within(1e-12));
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndAnotherSeedAnother() {
        ImageStatistic kappa = Grading.of(ReferenceMatrices.FIVE_GRADES).statistic(CohenKappa.UNWEIGHTED);

        assertThat(Bootstrap.seeded(3).interval(kappa))
                .isEqualTo(Bootstrap.seeded(3).interval(kappa))
                .isNotEqualTo(Bootstrap.seeded(4).interval(kappa));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sixteenTimesTheImagesGiveAboutAQuarterOfTheWidth(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double few = width(Grading.random(random, 400, 5, 0.4).statistic(CohenKappa.UNWEIGHTED));
        double many = width(Grading.random(random, 6400, 5, 0.4).statistic(CohenKappa.UNWEIGHTED));

        assertThat(many / few).isBetween(0.2, 0.3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void pairingNarrowsTheIntervalWhereTwoGradersErrAlike(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Grading first = Grading.random(random, 518, 5, 0.4);
        int[] almostTheSame = Grading.noisy(random, first.predicted(), 5, 0.05);
        ImageStatistic one = first.statistic(CohenKappa.QUADRATIC);
        ImageStatistic other = ImageStatistic.of(first.truth(), almostTheSame, 5, CohenKappa.QUADRATIC);

        double unpaired = Math.hypot(width(one), width(other));

        assertThat(width(one.minus(other))).isLessThan(unpaired / 2);
    }

    @Test
    void aGraderDiffersFromItselfByExactlyNothing() {
        ImageStatistic kappa = Grading.of(ReferenceMatrices.FIVE_GRADES).statistic(CohenKappa.QUADRATIC);

        BootstrapInterval interval = Bootstrap.seeded(1).interval(kappa.minus(kappa));

        assertThat(interval).isEqualTo(new BootstrapInterval(Measure.of(0), 0.0, 0.0, 0.95, 1000, 0));
    }

    @Test
    void aHigherLevelGivesAWiderInterval() {
        ImageStatistic kappa = Grading.of(ReferenceMatrices.FIVE_GRADES).statistic(CohenKappa.QUADRATIC);
        BootstrapInterval narrow = new Bootstrap(1000, 0.8, 1).interval(kappa);
        BootstrapInterval wide = new Bootstrap(1000, 0.99, 1).interval(kappa);

        assertThat(wide.lower()).isLessThan(narrow.lower());
        assertThat(wide.upper()).isGreaterThan(narrow.upper());
    }

    @Test
    void theAreaUnderTheCurveHasAnIntervalToo() {
        SplittableRandom random = new SplittableRandom(5);
        int[] truth = random.ints(518, 0, 5).toArray();
        double[] scores = IntStream.of(truth)
                .mapToDouble(grade -> grade + 3 * random.nextDouble())
                .toArray();

        BootstrapInterval interval = Bootstrap.seeded(1).interval(ReferableDr.aucOver(truth, scores));

        assertThat(interval.estimate()).isEqualTo(ReferableDr.auc(truth, scores));
        assertThat(interval.estimate().orElseThrow()).isBetween(interval.lower(), interval.upper());
        assertThat(interval.upper() - interval.lower()).isBetween(0.01, 0.1);
    }

    /** One image of 100 has grade 4, so a resample misses it with probability 0.99^100 = 0.366. */
    @Test
    void resamplesWithoutAnyImageOfAGradeAreLeftOutOfItsRecallAndCounted() {
        int[] truth = new int[100];
        truth[42] = 4;
        ImageStatistic recall = ImageStatistic.of(truth, truth, 5, matrix -> matrix.recall(4));

        BootstrapInterval interval = new Bootstrap(10_000, 0.95, 1).interval(recall);

        assertThat(interval.lower()).isEqualTo(1);
        assertThat(interval.upper()).isEqualTo(1);
        assertThat(interval.undefinedResamples() / 10_000.0).isCloseTo(0.366, within(0.02));
    }

    @Test
    void whatIsUndefinedHasNoInterval() {
        ImageStatistic kappa = ImageStatistic.of(new int[9], new int[9], 5, CohenKappa.QUADRATIC);

        BootstrapInterval interval = Bootstrap.seeded(1).interval(kappa);

        assertThat(interval.bounded()).isFalse();
        assertThat(interval.estimate().defined()).isFalse();
        assertThat(interval.undefinedResamples()).isEqualTo(1000);
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheirReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap(99, 0.95, 1))
                .withMessage("resamples is 99, but has to be 100 to 1000000.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap(1000, Double.NaN, 1))
                .withMessage("level is NaN, but has to be above 0 and below 1.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap(1000, 1, 1))
                .withMessage("level is 1.0, but has to be above 0 and below 1.");
        ImageStatistic three = ImageStatistic.of(new int[3], new int[3], 5, ConfusionMatrix::accuracy);
        ImageStatistic four = ImageStatistic.of(new int[4], new int[4], 5, ConfusionMatrix::accuracy);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> three.minus(four))
                .withMessage("A difference needs the same images on both sides, but there are 3 and 4.");
    }

    private static double width(ImageStatistic statistic) {
        BootstrapInterval interval = new Bootstrap(2000, 0.95, 1).interval(statistic);
        assertThat(interval.bounded()).isTrue();
        return interval.upper() - interval.lower();
    }
}
