package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLineTest {

    @Test
    void withinTheBoundTheKappaUnderAttackDecides() {
        assertThat(line(true, 0.5, 0.7).betterThan(line(true, 0.9, 0.6), 0)).isTrue();
        assertThat(line(true, 0.9, 0.6).betterThan(line(true, 0.5, 0.6), 0)).isFalse();
        assertThat(line(true, 0.5, 0.1).betterThan(line(false, 0.9, 0.9), 0)).isTrue();
    }

    @Test
    void aToleranceIsForTheKappaUnderAttackAlone() {
        assertThat(line(true, 0.5, 0.6).betterThan(line(true, 0.5, 0.64), 0.05)).isTrue();
        assertThat(line(true, 0.5, 0.6).betterThan(line(true, 0.5, 0.66), 0.05)).isFalse();
        assertThat(line(false, 0.6, 0.9).betterThan(line(false, 0.61, 0.1), 0.05))
                .isFalse();
    }

    @Test
    void underSeveralPerturbationsTheWorstAnswersCount() {
        Answers one = new Answers(0.2, 0.9, 0.5, 5);
        Answers worst = new Answers(0.1, 0.95, 0.4, 3);
        assertThat(Answers.worst(List.of(one, worst, one))).isEqualTo(worst);
    }

    private static EpochLine line(boolean withinBound, double clean, double attacked) {
        return new EpochLine(3, 0.1, 0.5, 0.5, 0.5, clean, 5, 0.5, 0.5, attacked, withinBound, 1);
    }
}
