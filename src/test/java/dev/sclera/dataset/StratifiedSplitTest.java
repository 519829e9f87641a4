package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StratifiedSplitTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everySplitHasItsShareOfEveryGradeToWithinOneImage(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = random.nextInt(5, 400);
        int[] grades = random.ints(n, 0, 5).toArray();
        double train = random.nextInt(1, 8) / 10.0;
        double val = random.nextInt(0, 3) / 10.0;
        Split split = new Split(train, val, 1 - train - val, seed);

        Map<Integer, String> assigned = assign(range(n), grades, split);

        assertThat(assigned).hasSize(n);
        for (int grade = 0; grade < 5; grade++) {
            int wanted = grade;
            double of = IntStream.range(0, n).filter(i -> grades[i] == wanted).count();
            for (Map.Entry<String, Double> share : Map.of(
                            "train", split.train(), "val", split.val(), "test", split.test())
                    .entrySet()) {
                double count = IntStream.range(0, n)
                        .filter(i -> grades[i] == wanted && share.getKey().equals(assigned.get(i)))
                        .count();
                assertThat(count).isCloseTo(of * share.getValue(), within(1.0));
            }
        }
    }

    @Test
    void anImagesPlaceDoesNotDependOnTheOrderOfFiles() {
        int[] grades = new SplittableRandom(3).ints(200, 0, 5).toArray();
        List<Integer> shuffled = new ArrayList<>(range(200));
        Collections.shuffle(shuffled, new Random(1));
        Split split = new Split(0.6, 0.2, 0.2, 42);

        assertThat(assign(shuffled, grades, split)).isEqualTo(assign(range(200), grades, split));
    }

    @Test
    void anotherSeedDividesOtherwise() {
        int[] grades = new SplittableRandom(3).ints(200, 0, 5).toArray();

        assertThat(assign(range(200), grades, new Split(0.6, 0.2, 0.2, 1)))
                .isNotEqualTo(assign(range(200), grades, new Split(0.6, 0.2, 0.2, 2)));
    }

    @Test
    void sharesThatDoNotSumToOneAreRefused() {
        assertThatThrownBy(() -> new Split(0.7, 0.2, 0.2, 1)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Split(1.1, -0.1, 0, 1)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Split(Double.NaN, 0.5, 0.5, 1)).isInstanceOf(InvalidValueException.class);
    }

    private static List<Integer> range(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static Map<Integer, String> assign(List<Integer> images, int[] grades, Split split) {
        return new HashMap<>(StratifiedSplit.assign(
                images, i -> grades[i], i -> Sha256.of(Integer.toString(i).getBytes(StandardCharsets.UTF_8)), split));
    }
}
