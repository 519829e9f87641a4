package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordingTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 255})
    void wholeStepsAreFractionsEvenAfterRoundingToFloat(int steps) {
        assertThat(Wording.epsilon(steps / 255.0)).isEqualTo(steps + "/255");
        assertThat(Wording.epsilon(steps / 255f)).isEqualTo(steps + "/255");
    }

    @ParameterizedTest
    @CsvSource({"0.05, 0.05", "0.001, 0.001", "0.0333333333, 0.03333"})
    void otherBoundsAreDecimals(double epsilon, String text) {
        assertThat(Wording.epsilon(epsilon)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.004, <1", "0.01, 1", "0.927, 93", "0.9961, >99", "1, 100"})
    void sharesAreNeverRoundedToNoneOrAll(double share, String percent) {
        assertThat(Wording.percent(share, 0)).isEqualTo(percent + "\u00a0%");
    }

    @Test
    void changesAgreeWithTheFiguresShown() {
        assertThat(Wording.figure(0.7995, 3)).isEqualTo("0.800");
        assertThat(Wording.figure(0.1204, 3)).isEqualTo("0.120");
        assertThat(Wording.change(0.7995, 0.1204, 3)).isEqualTo("−0.680");
        assertThat(Wording.change(0.5, 0.50001, 3)).isEqualTo("±0");
        assertThat(Wording.change(null, 0.5, 3)).isEmpty();
        assertThat(Wording.figure(-0.0001, 2)).isEqualTo("0.00");
    }

    @Test
    void gradesHaveTheirClinicalNamesOnTheFiveGradeScaleAlone() {
        assertThat(Wording.grade(4, 5)).isEqualTo("Proliferative");
        assertThat(Wording.grade(1, 2)).isEqualTo("Grade 1");
    }

    @Test
    void boundsNameTheirNorm() {
        assertThat(Wording.bound("linf", 8 / 255.0)).isEqualTo("L∞ ≤ 8/255");
        assertThat(Wording.bound("l2", 1)).isEqualTo("L2 ≤ 1");
    }
}
