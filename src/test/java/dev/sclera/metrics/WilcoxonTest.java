package dev.sclera.metrics;

import static dev.sclera.metrics.PairedTTest.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WilcoxonTest {

    /**
     * Depression of nine patients before and after a tranquilliser: the worked example of Hollander &amp; Wolfe,
     * "Nonparametric statistical methods", and of R's help of wilcox.test, V = 40, one-sided p = 0.01953. Two-sided:
     * scipy 1.17.1, wilcoxon(x, y, method="exact"), 0.0390625.
     */
    @Test
    void theTranquilliserWorksAsInTheWorkedExample() {
        double[] before = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
        double[] after = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

        assertThat(Wilcoxon.of(before, after))
                .isEqualTo(new Wilcoxon(9, 0, 40, 5, PMethod.EXACT, Measure.of(0.0390625), null));
    }

    /** Darwin's plants, crossed against self-fertilised, in the help of scipy 1.17.1's wilcoxon: 24, 0.041259765625. */
    @Test
    void darwinsPlantsDifferAsInScipy() {
        double[] differences = {6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75};

        Wilcoxon test = Wilcoxon.of(differences, new double[15]);

        assertThat(test.negativeRanks()).isEqualTo(24);
        assertThat(test.positiveRanks()).isEqualTo(120 - 24);
        assertThat(test.p()).isEqualTo(Measure.of(0.041259765625));
    }

    /**
     * Student's sleep data hold a pair that does not differ, and ties once 3.4 - 2.0 and its like are equal on paper.
     * Truth: R's wilcox.test, V = 0, p = 0.009091; scipy 1.17.1, wilcoxon(first, second, zero_method="wilcox",
     * correction=True, method="asymptotic") on differences in tenths, 0.009090698015925044.
     */
    @Test
    void equalPairsAreLeftOutAndTiesCorrectedFor() {
        Wilcoxon test = Wilcoxon.of(PairedTTest.FIRST_DRUG, PairedTTest.SECOND_DRUG);

        assertThat(test.pairs()).isEqualTo(10);
        assertThat(test.equalPairs()).isEqualTo(1);
        assertThat(test.positiveRanks()).isZero();
        assertThat(test.negativeRanks()).isEqualTo(45);
        assertThat(test.method()).isEqualTo(PMethod.NORMAL_APPROXIMATION);
        assertThat(test.p().orElseThrow()).isCloseTo(0.009090698015925044, within(1e-14));
    }

    /**
     * Truth: scipy 1.17.1, wilcoxon(d, method=…, correction=True), of d = 1 to n with each third negative: 408 and
     * 0.02616696817119646 (exact), 459 and 0.05645580536770219 (asymptotic).
     */
    @ParameterizedTest
    @CsvSource({"50, EXACT, 408, 0.02616696817119646", "51, NORMAL_APPROXIMATION, 459, 0.05645580536770219"})
    void pIsExactUpToFiftyPairsThatDiffer(int pairs, PMethod method, double negativeRanks, double p) {
        double[] first = IntStream.rangeClosed(1, pairs)
                .mapToDouble(i -> i % 3 == 0 ? -i : i)
                .toArray();

        Wilcoxon test = Wilcoxon.of(first, new double[pairs]);

        assertThat(test.method()).isEqualTo(method);
        assertThat(test.negativeRanks()).isEqualTo(negativeRanks);
        assertThat(test.p().orElseThrow()).isCloseTo(p, within(1e-13));
    }

    /**
     * Truth: scipy 1.17.1, wilcoxon((i² mod 61 - 20) / 10 for i of 1 to 60, correction=True, method="asymptotic",
     * zero_method="wilcox"): 381, 0.00024187581900661671.
     */
    @Test
    void manyTiesAreCorrectedForAsInScipy() {
        double[] first = IntStream.rangeClosed(1, 60)
                .mapToDouble(i -> (i * i % 61 - 20) / 10.0)
                .toArray();

        Wilcoxon test = Wilcoxon.of(first, new double[60]);

        assertThat(Math.min(test.positiveRanks(), test.negativeRanks())).isEqualTo(381);
        assertThat(test.p().orElseThrow()).isCloseTo(0.00024187581900661671, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 11, 12})
    void theExactPIsTheShareOfSignsThatAreAtLeastAsUneven(int pairs) {
        double[] first = figures(pairs, pairs);
        double[] second = figures(pairs + 100, pairs);
        Wilcoxon test = Wilcoxon.of(first, second);
        double distance = Math.abs(test.positiveRanks() - test.negativeRanks());

        int atLeast = 0;
        for (int signs = 0; signs < 1 << pairs; signs++) {
            int difference = 0;
            for (int rank = 1; rank <= pairs; rank++) {
                difference += (signs >> rank - 1 & 1) == 1 ? rank : -rank;
            }
            atLeast += Math.abs(difference) >= distance ? 1 : 0;
        }

        assertThat(test.method()).isEqualTo(PMethod.EXACT);
        assertThat(test.p().orElseThrow()).isCloseTo(atLeast / (double) (1 << pairs), within(1e-13));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void swappingTheTwoSwapsTheRankSums(long seed) {
        for (int pairs : new int[] {10, 60}) {
            Wilcoxon one = Wilcoxon.of(figures(seed, pairs), figures(seed + 100, pairs));
            Wilcoxon other = Wilcoxon.of(figures(seed + 100, pairs), figures(seed, pairs));

            assertThat(other.positiveRanks()).isEqualTo(one.negativeRanks());
            assertThat(other.p().orElseThrow()).isCloseTo(one.p().orElseThrow(), within(1e-13));
        }
    }

    @Test
    void whatIsTiedOnPaperIsTied() {
        Wilcoxon test = Wilcoxon.of(new double[] {0.3, 0.4, 0.3}, new double[] {0.1, 0.2, 0.1 + 0.2});

        assertThat(test.equalPairs()).isEqualTo(1);
        assertThat(test.method()).isEqualTo(PMethod.NORMAL_APPROXIMATION);
    }

    @Test
    void whereNoPairDiffersNothingSpeaksAgainstEquality() {
        assertThat(Wilcoxon.of(new double[3], new double[3]))
                .isEqualTo(
                        new Wilcoxon(3, 3, 0, 0, PMethod.EXACT, Measure.of(1), "the two are the same in all 3 pairs"));
        assertThat(Wilcoxon.of(new double[0], new double[0]).p()).isEqualTo(Measure.undefined("there are no pairs"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e100, 1, 1e-100, 1e-200, 1e-320, Double.MIN_VALUE})
    void everySizeOfFigureHasAnAnswer(double size) {
        Wilcoxon test = Wilcoxon.of(new double[] {size, 0, size}, new double[] {0, size, 0});

        assertThat(test.p().defined()).isTrue();
    }
}
