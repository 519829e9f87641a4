package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GainsTest {

    /**
     * Truth: gains by cohen_kappa_score of scikit-learn 1.9.1; the rest by numpy 2.4.6 over 50,000 resamples R of the
     * images, the same for the three attacks: percentile of R's means, and, for the largest of the gains g, the largest
     * of g ± c·se, se = std(R), c the 95th percentile of max |R - g| / se.
     */
    @ParameterizedTest
    @CsvSource({
        "UNWEIGHTED, 0.25718420943250103, 0.19989126, 0.31429178, 0.47672712059660827, 0.36771163, 0.58574261",
        "QUADRATIC, 0.22755720637187038, 0.14637386, 0.30714540, 0.4179602746063934, 0.25836261, 0.57755794"
    })
    void theMeanAndTheLargestGainAreThoseOfNumpy(
            CohenKappa kappa,
            double mean,
            double meanFrom,
            double meanTo,
            double largest,
            double largestFrom,
            double largestTo) {
        Gains gains = Gains.of(Repair.ofThreeAttacks().variants(kappa), new Bootstrap(20_000, 0.95, 7));

        assertThat(gains.mean().estimate().orElseThrow()).isCloseTo(mean, within(1e-13));
        assertThat(gains.mean().lower()).isCloseTo(meanFrom, within(0.002));
        assertThat(gains.mean().upper()).isCloseTo(meanTo, within(0.002));
        assertThat(gains.largest().estimate().orElseThrow()).isCloseTo(largest, within(1e-13));
        assertThat(gains.largest().lower()).isCloseTo(largestFrom, within(0.003));
        assertThat(gains.largest().upper()).isCloseTo(largestTo, within(0.003));
        assertThat(gains.largestOn()).isEqualTo("attack 2");
    }

    @ParameterizedTest
    @EnumSource
    void eachGainIsThatOfItsOwnPairedInterval(CohenKappa kappa) {
        Repair repair = Repair.ofThreeAttacks();
        Gains gains = Gains.of(repair.variants(kappa), Bootstrap.seeded(5));

        for (int attack = 0; attack < 3; attack++) {
            ImageStatistic difference = repair.after(attack, kappa).minus(repair.before(attack, kappa));
            assertThat(gains.each().get(attack))
                    .isEqualTo(new Gains.Gain(
                            "attack " + attack, Bootstrap.seeded(5).interval(difference)));
        }
    }

    @Test
    void oneVariantIsItsOwnMeanAndLargest() {
        Gains gains =
                Gains.of(Repair.ofThreeAttacks().variants(CohenKappa.QUADRATIC).subList(1, 2), Bootstrap.seeded(5));

        assertThat(gains.mean()).isEqualTo(gains.each().get(0).interval());
        assertThat(gains.largest().estimate()).isEqualTo(gains.mean().estimate());
        assertThat(gains.largest().lower()).isCloseTo(gains.mean().lower(), within(0.01));
        assertThat(gains.largest().upper()).isCloseTo(gains.mean().upper(), within(0.01));
        assertThat(gains.largestOn()).isEqualTo("attack 1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theOrderOfTheVariantsDoesNotMatter(long seed) {
        List<Gains.Variant> variants = new ArrayList<>(Repair.ofThreeAttacks().variants(CohenKappa.UNWEIGHTED));
        Gains one = Gains.of(variants, Bootstrap.seeded(seed));
        Collections.reverse(variants);
        Gains other = Gains.of(variants, Bootstrap.seeded(seed));

        assertThat(other.each()).containsExactlyInAnyOrderElementsOf(one.each());
        assertThat(other.mean().lower()).isCloseTo(one.mean().lower(), within(1e-13));
        assertThat(other.largest()).isEqualTo(one.largest());
        assertThat(other.largestOn()).isEqualTo(one.largestOn());
    }

    @Test
    void takingBackARepairTurnsTheSignOfItsGains() {
        Repair repair = Repair.ofThreeAttacks();
        Repair back = new Repair(repair.truth(), repair.after(), repair.before());

        BootstrapInterval there = Gains.of(repair.variants(CohenKappa.QUADRATIC), Bootstrap.seeded(5))
                .mean();
        BootstrapInterval andBack = Gains.of(back.variants(CohenKappa.QUADRATIC), Bootstrap.seeded(5))
                .mean();

        assertThat(andBack.estimate().orElseThrow()).isCloseTo(-there.estimate().orElseThrow(), within(1e-13));
        assertThat(andBack.lower()).isCloseTo(-there.upper(), within(1e-13));
        assertThat(andBack.upper()).isCloseTo(-there.lower(), within(1e-13));
    }

    /** Three attacks that are one and the same say no more of the images than one. */
    @Test
    void whatErrsTogetherDoesNotAverageOut() {
        Repair repair = Repair.ofThreeAttacks();
        Repair thrice = new Repair(
                repair.truth(),
                Collections.nCopies(3, repair.before().get(0)),
                Collections.nCopies(3, repair.after().get(0)));

        Gains gains = Gains.of(thrice.variants(CohenKappa.QUADRATIC), Bootstrap.seeded(5));

        assertThat(gains.mean().lower())
                .isCloseTo(gains.each().get(0).interval().lower(), within(1e-13));
        assertThat(gains.mean().upper())
                .isCloseTo(gains.each().get(0).interval().upper(), within(1e-13));
    }

    /**
     * Of 400 samples of 200 images from a population whose gains are known and all alike, 95 % have intervals that hold
     * them; the standard error of such a count is 1.1 %. Percentiles fall short by 1 to 2 %, and what holds the largest
     * gain is on the wide side: 1,000 samples gave 93.2 % and 97.0 %.
     */
    @Test
    void intervalsHoldTheTrueGainsAboutAsOftenAsTheySay() {
        double truth = meanGain(sample(1_000_000, 99));
        int samples = 400;
        int meanHeld = 0;
        int largestHeld = 0;
        for (int sample = 0; sample < samples; sample++) {
            Gains gains = Gains.of(sample(200, sample), new Bootstrap(400, 0.95, sample));
            meanHeld += holds(gains.mean(), truth);
            largestHeld += holds(gains.largest(), truth);
        }
        assertThat(meanHeld / (double) samples).isBetween(0.91, 0.98);
        assertThat(largestHeld / (double) samples).isBetween(0.93, 0.995);
    }

    private static int holds(BootstrapInterval interval, double truth) {
        return interval.lower() <= truth && truth <= interval.upper() ? 1 : 0;
    }

    /** What no resample moves has no reach, and does not make the reach of the others undefined. */
    @Test
    void aVariantWithoutSpreadTakesNoPartInTheBand() {
        Repair repair = Repair.ofThreeAttacks();
        List<Gains.Variant> variants = new ArrayList<>(repair.variants(CohenKappa.QUADRATIC));
        Gains without = Gains.of(variants, Bootstrap.seeded(5));
        int[] same = repair.before().get(0);
        variants.add(Gains.Variant.of("unchanged", repair.truth(), same, same, 5, CohenKappa.QUADRATIC));

        assertThat(Gains.of(variants, Bootstrap.seeded(5)).largest()).isEqualTo(without.largest());
        assertThat(Gains.of(variants.subList(3, 4), Bootstrap.seeded(5)).largest())
                .isEqualTo(new BootstrapInterval(Measure.of(0), 0.0, 0.0, 0.95, 1000, 0));
    }

    @Test
    void withoutVariantsThereIsNoGain() {
        Gains gains = Gains.of(List.of(), Bootstrap.seeded(5));

        assertThat(gains.each()).isEmpty();
        assertThat(gains.mean().estimate()).isEqualTo(Measure.undefined("there are no variants to gain on"));
        assertThat(gains.mean().bounded()).isFalse();
        assertThat(gains.largest()).isEqualTo(gains.mean());
        assertThat(gains.largestOn()).isNull();
    }

    @Test
    void oneUndefinedGainLeavesTheMeanUndefinedAndSaysWhich() {
        int[] oneGrade = new int[4];
        int[] other = {0, 0, 0, 1};
        Gains gains = Gains.of(
                List.of(
                        Gains.Variant.of("uap", oneGrade, other, other, 5, CohenKappa.QUADRATIC),
                        Gains.Variant.of("gap", oneGrade, other, oneGrade, 5, CohenKappa.QUADRATIC)),
                Bootstrap.seeded(5));

        assertThat(gains.each().get(0).interval().bounded()).isTrue();
        assertThat(gains.each().get(1).interval().bounded()).isFalse();
        assertThat(gains.mean().estimate().reason())
                .startsWith("the gain on gap is undefined: true and predicted grades are one and the same throughout");
        assertThat(gains.largest().bounded()).isFalse();
        assertThat(gains.largestOn()).isNull();
    }

    @Test
    void variantsThatDoNotBelongTogetherAreRefused() {
        Gains.Variant three = Gains.Variant.of("a", new int[3], new int[3], new int[3], 5, ConfusionMatrix::accuracy);
        Gains.Variant four = Gains.Variant.of("b", new int[4], new int[4], new int[4], 5, ConfusionMatrix::accuracy);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gains.of(List.of(three, three), Bootstrap.seeded(1)))
                .withMessage("Two variants are named \"a\", but each needs a name of its own.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gains.of(List.of(three, four), Bootstrap.seeded(1)))
                .withMessage("Figures resampled together need the same images, but there are 3 and 4.");
    }

    private static double meanGain(List<Gains.Variant> variants) {
        int[] once = new int[variants.get(0).gain().images()];
        Arrays.fill(once, 1);
        return variants.stream()
                .mapToDouble(variant -> variant.gain().over(once).orElseThrow())
                .average()
                .orElseThrow();
    }

    /** Four attacks that err often on the same images, and repairs that err less: all true gains are equal. */
    private static List<Gains.Variant> sample(int images, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Grading shared = Grading.random(random, images, 5, 0.3);
        return Stream.of("one", "two", "three", "four")
                .map(name -> Gains.Variant.of(
                        name,
                        shared.truth(),
                        Grading.noisy(random, shared.predicted(), 5, 0.3),
                        Grading.noisy(random, shared.truth(), 5, 0.4),
                        5,
                        CohenKappa.QUADRATIC))
                .toList();
    }
}
