package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {

    /**
     * The first: approval of a president in two surveys of the same 1,600 people, Agresti 1990, "Categorical data
     * analysis", p. 350. Truth: scipy 1.17.1, chi2.sf((|b - c| - 1)² / (b + c), 1).
     */
    @ParameterizedTest
    @CsvSource({
        "1600, 86, 150, 16.81779661016949, 4.114562281345944e-05",
        "100, 20, 5, 7.84, 0.005110260660855866",
        "100, 13, 12, 0, 1"
    })
    void manyDiscordantImagesAreTestedByChiSquared(long images, long b, long c, double chiSquared, double p) {
        McNemar test = McNemar.of(images, b, c);

        assertThat(test.method()).isEqualTo(PMethod.CHI_SQUARED_APPROXIMATION);
        assertThat(test.chiSquared().orElseThrow()).isCloseTo(chiSquared, within(1e-12));
        assertThat(test.p().orElseThrow()).isCloseTo(p, within(1e-12 * p));
        assertThat(test.odds().orElseThrow()).isEqualTo((double) b / c);
    }

    /** Truth: scipy 1.17.1, binomtest(b, b + c).pvalue. */
    @ParameterizedTest
    @CsvSource({"3, 12, 0.03515625", "0, 9, 0.00390625", "12, 12, 1", "1, 5, 0.21875"})
    void fewDiscordantImagesAreTestedByTheBinomial(long b, long c, double p) {
        McNemar test = McNemar.of(518, b, c);

        assertThat(test.method()).isEqualTo(PMethod.EXACT);
        assertThat(test.p().orElseThrow()).isCloseTo(p, within(1e-13));
        assertThat(test.chiSquared())
                .isEqualTo(Measure.undefined("p is exact, as fewer than 25 images are discordant"));
    }

    /** With tails of 1/2, the two-sided p is twice the smaller tail, summed here from Pascal's triangle. */
    @Test
    void theExactPIsTwiceTheTailForEveryCount() {
        double[] choose = {1};
        for (int discordant = 1; discordant < McNemar.FEWEST_APPROXIMATED; discordant++) {
            double[] next = new double[discordant + 1];
            for (int k = 0; k <= discordant; k++) {
                next[k] = (k > 0 ? choose[k - 1] : 0) + (k < discordant ? choose[k] : 0);
            }
            choose = next;
            for (int b = 0; b <= discordant; b++) {
                double tail = 0;
                for (int k = 0; k <= Math.min(b, discordant - b); k++) {
                    tail += choose[k] / Math.pow(2, discordant);
                }
                assertThat(McNemar.of(30, b, discordant - b).p().orElseThrow())
                        .as("%d of %d", b, discordant)
                        .isCloseTo(Math.min(1, 2 * tail), within(1e-13));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 12", "0, 9", "60, 31", "25, 0"})
    void swappingTheTwoLeavesP(long b, long c) {
        assertThat(McNemar.of(100, c, b).p().orElseThrow())
                .isCloseTo(McNemar.of(100, b, c).p().orElseThrow(), within(1e-14));
    }

    @Test
    void imagesAreCountedByWhoAloneIsRight() {
        McNemar test =
                McNemar.of(new int[] {0, 1, 2, 3, 4, 0}, new int[] {0, 1, 2, 0, 0, 1}, new int[] {0, 0, 0, 3, 1, 2});

        assertThat(test.images()).isEqualTo(6);
        assertThat(test.onlyFirst()).isEqualTo(2);
        assertThat(test.onlySecond()).isEqualTo(1);
        assertThat(test.odds()).isEqualTo(Measure.of(2));
    }

    @Test
    void withoutDiscordantImagesNothingSpeaksAgainstEquality() {
        McNemar concordant = McNemar.of(518, 0, 0);
        McNemar none = McNemar.of(new int[0], new int[0], new int[0]);

        assertThat(concordant.p()).isEqualTo(Measure.of(1));
        assertThat(concordant.odds()).isEqualTo(Measure.undefined("no image is discordant"));
        assertThat(concordant.remark()).isEqualTo("no image is discordant");
        assertThat(none.p()).isEqualTo(Measure.undefined("there are no images"));
        assertThat(none.remark()).isEqualTo("there are no images");
        assertThat(McNemar.of(30, 30, 0).odds()).isEqualTo(Measure.undefined("on no image is the second alone right"));
    }

    @Test
    void countsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemar.of(10, 6, 5))
                .withMessage("Of 10 images, the first alone is said to be right on 6 and the second alone on 5, but"
                        + " counts are 0 or more, and these two at most the images together.");
        assertThatIllegalArgumentException().isThrownBy(() -> McNemar.of(10, -1, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemar.of(new int[2], new int[2], new int[3]))
                .withMessage("truth has 2 images and second has 3, but both have to hold the same images in the same"
                        + " order.");
    }
}
