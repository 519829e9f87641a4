package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ConfidenceIntervalTest {

    @Test
    void anIntervalHasEndsOrTheReasonWhyNot() {
        assertThat(ConfidenceInterval.of(-1, 2, 0.95).bounded()).isTrue();
        assertThat(ConfidenceInterval.undefined(0.95, "there are no pairs").bounded())
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfidenceInterval(1.0, null, 0.95, null))
                .withMessage("An interval has either both ends or the reason why there are none, but got 1.0 and null"
                        + " and the reason null.");
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfidenceInterval(null, null, 0.95, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfidenceInterval(1.0, 2.0, 0.95, "but why"));
    }

    @Test
    void endsAreFiniteAndInOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfidenceInterval.of(2, 1, 0.95))
                .withMessage(
                        "The ends of an interval are 2.0 and 1.0, but have to be finite, and the lower comes first.");
        assertThatIllegalArgumentException().isThrownBy(() -> ConfidenceInterval.of(Double.NaN, 1, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> ConfidenceInterval.of(1, Double.POSITIVE_INFINITY, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfidenceInterval.of(1, 2, 1))
                .withMessage("level is 1.0, but has to be above 0 and below 1.");
    }

    @Test
    void insideMeansWithBothEndsAndNotAtTheMargin() {
        assertThat(ConfidenceInterval.of(-0.019, 0.01, 0.9).inside(0.02)).isTrue();
        assertThat(ConfidenceInterval.of(-0.02, 0.01, 0.9).inside(0.02)).isFalse();
        assertThat(ConfidenceInterval.of(-0.01, 0.03, 0.9).inside(0.02)).isFalse();
        assertThat(ConfidenceInterval.undefined(0.9, "there are no pairs").inside(0.02))
                .isFalse();
    }
}
