package dev.sclera.metrics;

import static dev.sclera.metrics.PairedTTest.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.metrics.Equivalence.Verdict;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EquivalenceTest {

    private static final double[] BEFORE = {0.716, 0.650, 0.704, 0.695, 0.731, 0.699, 0.718, 0.672};
    private static final double[] AFTER = {0.712, 0.655, 0.701, 0.688, 0.734, 0.695, 0.720, 0.667};

    /** Truth: scipy 1.17.1, ttest_rel(after + m, before, alternative="greater") and (after - m, before, "less"). */
    @ParameterizedTest
    @CsvSource({
        "0.02, 3.22572460705704e-06, 1.0743331731514145e-06, EQUIVALENT",
        "0.005, 0.03189795445351928, 0.0017461478975343493, EQUIVALENT",
        "0.003, 0.20000355130242378, 0.009777451876983593, NOT_SHOWN"
    })
    void eightKappasAreEquivalentAsInScipy(double margin, double aboveLower, double belowUpper, Verdict verdict) {
        Equivalence test = Equivalence.of(AFTER, BEFORE, margin);

        assertThat(test.pAboveLower().orElseThrow()).isCloseTo(aboveLower, within(1e-9 * aboveLower));
        assertThat(test.pBelowUpper().orElseThrow()).isCloseTo(belowUpper, within(1e-9 * belowUpper));
        assertThat(test.p()).isEqualTo(test.pAboveLower());
        assertThat(test.verdict()).isEqualTo(verdict);
        assertThat(test.degreesOfFreedom()).isEqualTo(7);
    }

    /** Truth: scipy 1.17.1, ttest_rel(after, before).confidence_interval(0.90). */
    @Test
    void theIntervalIsThatOfTwiceTheSignificance() {
        ConfidenceInterval interval = Equivalence.of(AFTER, BEFORE, 0.02).interval();

        assertThat(interval.level()).isEqualTo(0.9);
        assertThat(interval.lower()).isCloseTo(-0.004532366965027918, within(1e-12));
        assertThat(interval.upper()).isCloseTo(0.0012823669650279144, within(1e-12));
    }

    /** Truth: as in {@code PairedTTest}, with the margin added to, or taken from, the pseudo-values after. */
    @ParameterizedTest
    @CsvSource({
        "UNWEIGHTED, 0.02, 0.31079937556692927, 0.38173724791974334, NOT_SHOWN",
        "UNWEIGHTED, 0.2, 2.9756976559945398e-05, 6.42584197395888e-05, EQUIVALENT",
        "QUADRATIC, 0.02, 0.1502079778008256, 0.6831643713474675, NOT_SHOWN",
        "QUADRATIC, 0.2, 0.00021671545625147928, 0.020903658744670553, EQUIVALENT"
    })
    void kappasAreTestedOverImagesByTheirPseudoValues(
            CohenKappa kappa, double margin, double aboveLower, double belowUpper, Verdict verdict) {
        Repair repair = Repair.ofThreeAttacks();

        Equivalence test = Equivalence.overImages(repair.after(1, kappa), repair.before(1, kappa), margin, 0.05);

        assertThat(test.pAboveLower().orElseThrow()).isCloseTo(aboveLower, within(1e-8));
        assertThat(test.pBelowUpper().orElseThrow()).isCloseTo(belowUpper, within(1e-8));
        assertThat(test.verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void equivalenceIsShownWhereTheIntervalLiesWithinTheMargin(long seed) {
        double[] first = figures(seed, 20);
        double[] second = figures(seed + 100, 20);
        for (double margin = 0.01; margin < 1; margin += 0.01) {
            Equivalence test = Equivalence.of(first, second, margin, 0.025);

            assertThat(test.verdict() == Verdict.EQUIVALENT)
                    .isEqualTo(test.interval().inside(margin));
            assertThat(test.p().orElseThrow())
                    .isEqualTo(Math.max(
                            test.pAboveLower().orElseThrow(), test.pBelowUpper().orElseThrow()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void swappingTheTwoSwapsTheSides(long seed) {
        Equivalence one = Equivalence.of(figures(seed, 20), figures(seed + 100, 20), 0.1);
        Equivalence other = Equivalence.of(figures(seed + 100, 20), figures(seed, 20), 0.1);

        assertThat(other.pAboveLower().orElseThrow())
                .isCloseTo(one.pBelowUpper().orElseThrow(), within(1e-12));
        assertThat(other.p().orElseThrow()).isCloseTo(one.p().orElseThrow(), within(1e-12));
        assertThat(other.verdict()).isEqualTo(one.verdict());
    }

    /** At a true difference of just the margin, 5 % of 4,000 samples of 20 pairs are held to be equivalent. */
    @Test
    void inTheLongRunItErrsAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(3);
        int samples = 4000;
        int wrong = 0;
        for (int sample = 0; sample < samples; sample++) {
            double[] first = random.doubles(20)
                    .map(u -> 1 + PairedTTest.normal(u, random))
                    .toArray();
            wrong += Equivalence.of(first, new double[20], 1).verdict() == Verdict.EQUIVALENT ? 1 : 0;
        }
        assertThat(wrong / (double) samples).isCloseTo(0.05, within(0.011));
    }

    /** 0.98^518 = 2.8517e-05 and 0.98^2 = 0.9604: what never differed in 518 images rarely differs in 2 of 100. */
    @Test
    void equalPairsShowEquivalenceOnlyWhereTheyAreMany() {
        double[] many = new double[518];
        Equivalence ofMany = Equivalence.of(many, many, 0.02);
        Equivalence ofTwo = Equivalence.of(new double[2], new double[2], 0.02);

        assertThat(ofMany.p().orElseThrow()).isCloseTo(2.8517e-05, within(1e-9));
        assertThat(ofMany.verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(ofMany.interval().bounded()).isFalse();
        assertThat(ofMany.remark())
                .isEqualTo("the two are the same in all 518 pairs; p is the chance of that where they differ by 0.02 on"
                        + " average, and by at most 1.000");
        assertThat(ofTwo.p().orElseThrow()).isCloseTo(0.9604, within(1e-12));
        assertThat(ofTwo.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    }

    /** An image can move a quadratic kappa by far more than 1 / n, which equal predictions have to make up for. */
    @Test
    void equalPredictionsNeedMoreImagesWhereOneImageWeighsMore() {
        Repair repair = Repair.ofThreeAttacks();
        ImageStatistic accuracy = repair.after(0, ConfusionMatrix::accuracy);
        ImageStatistic kappa = repair.after(0, CohenKappa.QUADRATIC);

        Equivalence ofAccuracy = Equivalence.overImages(accuracy, accuracy, 0.02, 0.05);
        Equivalence ofKappa = Equivalence.overImages(kappa, kappa, 0.02, 0.05);

        assertThat(ofAccuracy.p().orElseThrow()).isCloseTo(Math.pow(0.98, 300), within(1e-9));
        assertThat(ofAccuracy.verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(ofKappa.p().orElseThrow()).isGreaterThan(0.05);
        assertThat(ofKappa.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    }

    @Test
    void withoutSpreadOrPairsNothingIsShown() {
        Equivalence constant = Equivalence.of(new double[] {0.3, 0.4}, new double[] {0.29, 0.39}, 0.02);
        Equivalence none = Equivalence.of(new double[0], new double[0], 0.02);
        Equivalence one = Equivalence.of(new double[1], new double[1], 0.02);

        assertThat(constant.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(constant.remark())
                .isEqualTo("all 2 differences are 0.01000, so there is no spread to weigh their mean against");
        assertThat(constant.p()).isEqualTo(Measure.undefined(constant.remark()));
        assertThat(none.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(none.remark()).isEqualTo("there are no pairs");
        assertThat(one.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(one.remark()).isEqualTo("one pair alone has no spread");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Equivalence.of(AFTER, BEFORE, 0))
                .withMessage("margin is 0.0, but has to be above 0 and finite.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Equivalence.of(AFTER, BEFORE, Double.NaN))
                .withMessage("margin is NaN, but has to be above 0 and finite.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Equivalence.of(AFTER, BEFORE, 0.02, 0.5))
                .withMessage("significance is 0.5, but has to be above 0 and below 0.5.");
    }
}
