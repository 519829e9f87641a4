package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolmTest {

    /** The worked example of the English Wikipedia's article "Holm–Bonferroni method": H1 and H4 are rejected. */
    @Test
    void theWorkedExampleRejectsTwoOfFour() {
        Holm holm = Holm.correct(family(0.01, 0.04, 0.03, 0.005), 0.05);

        assertThat(corrected(holm)).containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
        assertThat(holm.tests()).extracting(Holm.Corrected::rejected).containsExactly(true, false, false, true);
        assertThat(holm.tests()).extracting(Holm.Corrected::name).containsExactly("H0", "H1", "H2", "H3");
    }

    /**
     * Holm's procedure is the closure of Bonferroni's (Marcus, Peritz &amp; Gabriel 1976): a test is rejected where
     * every subset of the family that holds it is. So a corrected p is the largest, over those subsets, of the size of
     * the subset times its least p.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theCorrectedPIsThatOfTheClosureOfBonferroni(long seed) {
        double[] p = squares(seed, 8);
        double[] corrected = corrected(Holm.correct(family(p), 0.05));

        for (int test = 0; test < p.length; test++) {
            double largest = 0;
            for (int subset = 0; subset < 1 << p.length; subset++) {
                if ((subset >> test & 1) == 1) {
                    int held = subset;
                    double least = IntStream.range(0, p.length)
                            .filter(i -> (held >> i & 1) == 1)
                            .mapToDouble(i -> p[i])
                            .min()
                            .orElseThrow();
                    largest = Math.max(largest, Math.min(1, Integer.bitCount(subset) * least));
                }
            }
            assertThat(corrected[test]).isCloseTo(largest, within(1e-15));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theCorrectedPIsNeverBelowPAndNeverOutOfOrder(long seed) {
        double[] p = squares(seed, 40);
        Arrays.sort(p);

        double[] corrected = corrected(Holm.correct(family(p), 0.05));

        assertThat(corrected).isSorted();
        for (int i = 0; i < p.length; i++) {
            assertThat(corrected[i]).isBetween(p[i], 1.0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theOrderOfTheTestsDoesNotMatter(long seed) {
        List<Holm.Test> family = new ArrayList<>(family(squares(seed, 12)));
        List<Holm.Corrected> before = Holm.correct(family, 0.05).tests();
        Collections.shuffle(family, new Random(seed));

        assertThat(Holm.correct(family, 0.05).tests()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void oneTestIsItsOwnCorrection() {
        assertThat(corrected(Holm.correct(family(0.04), 0.05))).containsExactly(0.04);
    }

    @Test
    void anEmptyFamilyIsCorrectedToNone() {
        assertThat(Holm.correct(List.of(), 0.05).tests()).isEmpty();
    }

    @Test
    void aTestWithoutAnswerLoosensNoOther() {
        Measure none = Measure.undefined("there are no pairs");
        List<Holm.Test> family =
                List.of(new Holm.Test("a", Measure.of(0.02)), new Holm.Test("b", none), new Holm.Test("c", none));

        assertThat(Holm.correct(family, 0.05).tests())
                .containsExactly(
                        new Holm.Corrected("a", Measure.of(0.02), Measure.of(0.06), false),
                        new Holm.Corrected("b", none, none, false),
                        new Holm.Corrected("c", none, none, false));
    }

    @Test
    void whatIsNoFamilyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Holm.Test("a", Measure.of(1.5)))
                .withMessage("p of \"a\" is 1.5, but has to be 0 to 1.");
        Holm.Test test = new Holm.Test("a", Measure.of(0.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Holm.correct(List.of(test, test), 0.05))
                .withMessage("Two tests of a family are named \"a\", but each needs a name of its own.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Holm.correct(List.of(), 1))
                .withMessage("significance is 1.0, but has to be above 0 and below 1.");
    }

    private static List<Holm.Test> family(double... p) {
        return IntStream.range(0, p.length)
                .mapToObj(i -> new Holm.Test("H" + i, Measure.of(p[i])))
                .toList();
    }

    private static double[] corrected(Holm holm) {
        return holm.tests().stream()
                .mapToDouble(test -> test.corrected().orElseThrow())
                .toArray();
    }

    /** Of random numbers, so that some are small, with one tie. */
    private static double[] squares(long seed, int count) {
        double[] p =
                Arrays.stream(PairedTTest.figures(seed, count)).map(u -> u * u).toArray();
        p[1] = p[0];
        return p;
    }
}
