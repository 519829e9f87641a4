package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairedTTest {

    /** Hours of sleep gained by two drugs: the worked example of Student 1908, and the data set "sleep" of R. */
    static final double[] FIRST_DRUG = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

    static final double[] SECOND_DRUG = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

    /**
     * R's help of t.test prints t = -4.0621, df = 9, p = 0.002833 and -2.4598858 to -0.7001142; the digits are those of
     * scipy 1.17.1's ttest_rel(first, second) and its confidence_interval(0.95).
     */
    @Test
    void theTwoDrugsDifferAsStudentFound() {
        PairedT test = PairedT.of(FIRST_DRUG, SECOND_DRUG);

        assertThat(test.pairs()).isEqualTo(10);
        assertThat(test.degreesOfFreedom()).isEqualTo(9);
        assertThat(test.meanDifference().orElseThrow()).isCloseTo(-1.58, within(1e-14));
        assertThat(test.t().orElseThrow()).isCloseTo(-4.062127683382037, within(1e-12));
        assertThat(test.p().orElseThrow()).isCloseTo(0.002832890197384273, within(1e-14));
        assertThat(test.interval().lower()).isCloseTo(-2.459885763276983, within(1e-11));
        assertThat(test.interval().upper()).isCloseTo(-0.7001142367230175, within(1e-11));
        assertThat(test.remark()).isNull();
    }

    /**
     * Truth: pseudo-values by leaving each image out in numpy 2.4.6, then scipy 1.17.1's ttest_rel(after, before) and
     * its confidence_interval(0.95).
     */
    @ParameterizedTest
    @CsvSource({
        "UNWEIGHTED, 0.0048511179751717275, 0.09645178184568753, 0.9232263833735939, -0.09412744736384758, 0.10382968331419103",
        "QUADRATIC, 0.054058104918127965, 0.7571972550885787, 0.4495279724774512, -0.08643705378315913, 0.19455326361941505"
    })
    void kappasAreTestedOverImagesByTheirPseudoValues(
            CohenKappa kappa, double mean, double t, double p, double lower, double upper) {
        Repair repair = Repair.ofThreeAttacks();

        PairedT test = PairedT.overImages(repair.after(1, kappa), repair.before(1, kappa), 0.95);

        assertThat(test.pairs()).isEqualTo(300);
        assertThat(test.meanDifference().orElseThrow()).isCloseTo(mean, within(1e-10));
        assertThat(test.t().orElseThrow()).isCloseTo(t, within(1e-9));
        assertThat(test.p().orElseThrow()).isCloseTo(p, within(1e-9));
        assertThat(test.interval().lower()).isCloseTo(lower, within(1e-9));
        assertThat(test.interval().upper()).isCloseTo(upper, within(1e-9));
    }

    /** What an image contributes to an accuracy is whether it is right. */
    @Test
    void accuraciesOverImagesAreTestedAsWhichImagesAreRight() {
        Repair repair = Repair.ofThreeAttacks();

        PairedT overImages = PairedT.overImages(
                repair.after(0, ConfusionMatrix::accuracy), repair.before(0, ConfusionMatrix::accuracy), 0.9);
        PairedT ofRights = PairedT.of(
                Repair.right(repair.truth(), repair.after().get(0)),
                Repair.right(repair.truth(), repair.before().get(0)),
                0.9);

        assertThat(overImages.meanDifference().orElseThrow())
                .isCloseTo(ofRights.meanDifference().orElseThrow(), within(1e-11));
        assertThat(overImages.t().orElseThrow()).isCloseTo(ofRights.t().orElseThrow(), within(1e-9));
        assertThat(overImages.interval().lower()).isCloseTo(ofRights.interval().lower(), within(1e-11));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void swappingTheTwoTurnsTheSignAndNothingElse(long seed) {
        double[] first = figures(seed, 12);
        double[] second = figures(seed + 100, 12);

        PairedT one = PairedT.of(first, second);
        PairedT other = PairedT.of(second, first);

        assertThat(other.t().orElseThrow()).isCloseTo(-one.t().orElseThrow(), within(1e-12));
        assertThat(other.p().orElseThrow()).isCloseTo(one.p().orElseThrow(), within(1e-12));
        assertThat(other.interval().lower()).isCloseTo(-one.interval().upper(), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neitherTheOrderOfThePairsNorTheirUnitMatters(long seed) {
        double[] first = figures(seed, 12);
        double[] second = figures(seed + 100, 12);

        PairedT one = PairedT.of(first, second);
        PairedT other = PairedT.of(reversedTimes(100, first), reversedTimes(100, second));

        assertThat(other.t().orElseThrow()).isCloseTo(one.t().orElseThrow(), within(1e-10));
        assertThat(other.p().orElseThrow()).isCloseTo(one.p().orElseThrow(), within(1e-10));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theIntervalOfLevelOneMinusPEndsAtZero(long seed) {
        double[] first = figures(seed, 9);
        double[] second = figures(seed + 100, 9);
        double p = PairedT.of(first, second).p().orElseThrow();

        ConfidenceInterval wider = PairedT.of(first, second, 1 - 0.99 * p).interval();
        ConfidenceInterval narrower = PairedT.of(first, second, 1 - 1.01 * p).interval();

        assertThat(wider.lower() < 0 && wider.upper() > 0).isTrue();
        assertThat(narrower.lower() > 0 || narrower.upper() < 0).isTrue();
    }

    /** Of 4,000 samples of 6 pairs from one and the same normal distribution, 5 % have a p of at most 0.05. */
    @Test
    void inTheLongRunTheTestErrsAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(1);
        int samples = 4000;
        int rejected = 0;
        for (int sample = 0; sample < samples; sample++) {
            double[] first = random.doubles(6).map(u -> normal(u, random)).toArray();
            double[] second = random.doubles(6).map(u -> normal(u, random)).toArray();
            rejected += PairedT.of(first, second).p().orElseThrow() <= 0.05 ? 1 : 0;
        }
        assertThat(rejected / (double) samples).isCloseTo(0.05, within(0.011));
    }

    @Test
    void withoutPairsNothingIsKnown() {
        PairedT test = PairedT.of(new double[0], new double[0]);

        assertThat(test)
                .isEqualTo(new PairedT(
                        0,
                        Measure.undefined("there are no pairs"),
                        ConfidenceInterval.undefined(0.95, "there are no pairs"),
                        Measure.undefined("there are no pairs"),
                        0,
                        Measure.undefined("there are no pairs"),
                        "there are no pairs"));
    }

    @Test
    void onePairHasADifferenceAndNoTest() {
        PairedT test = PairedT.of(new double[] {0.75}, new double[] {0.5});

        assertThat(test.meanDifference()).isEqualTo(Measure.of(0.25));
        assertThat(test.degreesOfFreedom()).isZero();
        assertThat(test.p()).isEqualTo(Measure.undefined("one pair alone has no spread"));
        assertThat(test.interval().bounded()).isFalse();
        assertThat(test.remark()).isEqualTo("one pair alone has no spread");
    }

    @Test
    void whereNoPairDiffersNothingSpeaksAgainstEquality() {
        PairedT test = PairedT.of(new double[] {0.1 + 0.2, 0.5, 0.7}, new double[] {0.3, 0.5, 0.7});

        assertThat(test.meanDifference()).isEqualTo(Measure.of(0));
        assertThat(test.p()).isEqualTo(Measure.of(1));
        assertThat(test.t()).isEqualTo(Measure.undefined("the two are the same in all 3 pairs"));
        assertThat(test.remark()).isEqualTo("the two are the same in all 3 pairs");
    }

    /** In floating point, 0.3 - 0.1 and 0.4 - 0.2 differ by 3e-17, which would make t as large as 1e16. */
    @Test
    void differencesThatAreEqualOnPaperHaveNoSpread() {
        PairedT test = PairedT.of(new double[] {0.3, 0.4}, new double[] {0.1, 0.2});

        assertThat(test.meanDifference().orElseThrow()).isCloseTo(0.2, within(1e-15));
        assertThat(test.p())
                .isEqualTo(Measure.undefined(
                        "all 2 differences are 0.2000, so there is no spread to weigh their mean against"));
        assertThat(test.t().defined()).isFalse();
    }

    @Test
    void overImagesWhatIsUndefinedStaysSo() {
        ImageStatistic onlyOneGrade = ImageStatistic.of(new int[4], new int[4], 5, CohenKappa.QUADRATIC);
        ImageStatistic mixed =
                ImageStatistic.of(new int[] {0, 1, 2, 3}, new int[] {0, 1, 2, 2}, 5, CohenKappa.QUADRATIC);
        ImageStatistic oneOfAGrade =
                ImageStatistic.of(new int[] {0, 0, 0, 4}, new int[] {0, 0, 0, 4}, 5, CohenKappa.QUADRATIC);

        String reason = CohenKappa.QUADRATIC
                .of(ConfusionMatrix.of(new int[4], new int[4], 5))
                .reason();
        assertThat(PairedT.overImages(mixed, onlyOneGrade, 0.95).remark()).isEqualTo(reason);
        assertThat(PairedT.overImages(onlyOneGrade, mixed, 0.95).p()).isEqualTo(Measure.undefined(reason));
        assertThat(PairedT.overImages(oneOfAGrade, mixed, 0.95).p())
                .isEqualTo(Measure.undefined("without one of the images, " + reason));
        assertThat(PairedT.overImages(mixed, mixed, 0.95).p()).isEqualTo(Measure.of(1));
    }

    @Test
    void overNoImagesAndOverOneThereIsAReason() {
        ImageStatistic none = ImageStatistic.of(new int[0], new int[0], 5, ConfusionMatrix::accuracy);
        ImageStatistic right = ImageStatistic.of(new int[1], new int[1], 5, ConfusionMatrix::accuracy);
        ImageStatistic wrong = ImageStatistic.of(new int[1], new int[] {1}, 5, ConfusionMatrix::accuracy);

        assertThat(PairedT.overImages(none, none, 0.95).remark()).isEqualTo("there are no images");
        assertThat(PairedT.overImages(right, wrong, 0.95).meanDifference()).isEqualTo(Measure.of(1));
        assertThat(PairedT.overImages(right, wrong, 0.95).remark()).isEqualTo("one pair alone has no spread");
    }

    @Test
    void figuresThatAreNoPairsOrNotFiniteAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedT.of(new double[2], new double[3]))
                .withMessage("first has 2 figures and second has 3, but they have to come in pairs.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedT.of(new double[2], new double[] {0, Double.NaN}))
                .withMessage("second[1] is NaN, but has to be finite and at most 1.0E100 in size.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedT.of(new double[] {1e200}, new double[1]))
                .withMessage("first[0] is 1.0E200, but has to be finite and at most 1.0E100 in size.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedT.of(new double[2], new double[2], 1))
                .withMessage("level is 1.0, but has to be above 0 and below 1.");
        ImageStatistic three = ImageStatistic.of(new int[3], new int[3], 5, ConfusionMatrix::accuracy);
        ImageStatistic four = ImageStatistic.of(new int[4], new int[4], 5, ConfusionMatrix::accuracy);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedT.overImages(three, four, 0.95))
                .withMessage("A difference needs the same images on both sides, but there are 3 and 4.");
    }

    /** From the largest figures allowed to the smallest there are: an answer, or a reason, but neither NaN nor ∞. */
    @ParameterizedTest
    @CsvSource({"5e99, true", "1, true", "1e-100, true", "1e-150, true", "1e-200, false", "4.9e-324, false"})
    void everySizeOfFigureHasAnAnswer(double size, boolean hasSpread) {
        PairedT test = PairedT.of(new double[] {size, 2 * size, 0}, new double[] {0, size, -size / 2});

        assertThat(test.meanDifference().defined()).isTrue();
        assertThat(test.t().defined()).isEqualTo(hasSpread);
        assertThat(test.remark() == null).isEqualTo(hasSpread);
    }

    static double[] figures(long seed, int count) {
        return new SplittableRandom(seed).doubles(count).toArray();
    }

    static double normal(double u, SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static double[] reversedTimes(double factor, double[] figures) {
        double[] other = DoubleStream.of(figures).map(figure -> factor * figure).toArray();
        for (int i = 0; i < other.length / 2; i++) {
            double swapped = other[i];
            other[i] = other[other.length - 1 - i];
            other[other.length - 1 - i] = swapped;
        }
        return Arrays.copyOf(other, other.length);
    }
}
