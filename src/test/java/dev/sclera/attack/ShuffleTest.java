package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffleTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 256})
    void isAPermutation(int count) {
        int[] order = Shuffle.of(count, 1, 2, 3);
        Arrays.sort(order);
        for (int i = 0; i < count; i++) {
            assertThat(order[i]).isEqualTo(i);
        }
    }

    @Test
    void dependsOnSeedPassAndWhatIsOrdered() {
        int[] order = Shuffle.of(256, 1, 2, 3);
        assertThat(Shuffle.of(256, 1, 2, 3)).containsExactly(order);
        assertThat(Shuffle.of(256, 9, 2, 3)).isNotEqualTo(order);
        assertThat(Shuffle.of(256, 1, 9, 3)).isNotEqualTo(order);
        assertThat(Shuffle.of(256, 1, 2, 9)).isNotEqualTo(order);
    }
}
