package dev.sclera.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed forms of Murray (1926). */
class MurrayTest {

    @Test
    void equalDaughtersAreACubeRootOfAHalfAsWideAndTurnBy37DegreesEach() {
        Murray division = Murray.divide(2, 1);
        assertThat(division.larger()).isCloseTo(2 / Math.cbrt(2), within(1e-12));
        assertThat(division.smaller()).isEqualTo(division.larger());
        assertThat(Math.toDegrees(division.largerTurn())).isCloseTo(37.47, within(0.01));
        assertThat(division.smallerTurn()).isEqualTo(division.largerTurn());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.4, 0.7, 0.95})
    void cubesOfRadiiArePreservedAndTheNarrowerTurnsMore(double ratio) {
        Murray division = Murray.divide(0.06, ratio);
        assertThat(Math.pow(division.larger(), 3) + Math.pow(division.smaller(), 3))
                .isCloseTo(Math.pow(0.06, 3), within(1e-15));
        assertThat(division.smallerTurn()).isGreaterThan(division.largerTurn()).isLessThan(Math.PI / 2);
    }
}
