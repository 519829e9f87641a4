package dev.sclera.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.problem.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochOrderTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aShareOfEachGradeIsHeldOutAndNothingElse(long seed) throws IOException {
        try (Laboratory laboratory = new Laboratory(folder.resolve("w")).furnished(folder.resolve("s"))) {
            Dataset dataset = laboratory.datasets.get("eyes-train");
            Division division = Division.heldOut(laboratory.datasets, dataset, 0.4, seed);
            assertThat(perGrade(division.training())).containsExactly(3, 3, 3, 3, 3);
            assertThat(perGrade(division.validation())).containsExactly(2, 2, 2, 2, 2);
            assertThat(Collections.disjoint(division.training(), division.validation()))
                    .isTrue();
            assertThat(Division.heldOut(laboratory.datasets, dataset, 0.4, seed))
                    .isEqualTo(division);
            assertThat(Division.heldOut(laboratory.datasets, dataset, 0.4, seed + 10))
                    .isNotEqualTo(division);
        }
    }

    /** All in memory, and one shard at a time. */
    @ParameterizedTest
    @ValueSource(ints = {7, 1})
    void everyImageComesOnceAnEpochInAnOrderOfItsOwn(int atOnce) {
        List<Example> training = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            training.add(new Example(i, i / 10, i % 10, i % 5));
        }
        Set<List<Example>> orders = new HashSet<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            List<List<Example>> batches = EpochOrder.of(training, atOnce, 8, 4).batches(epoch);
            List<Example> order = batches.stream().flatMap(List::stream).toList();
            assertThat(order).containsExactlyInAnyOrderElementsOf(training);
            assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeBetween(1, 8));
            assertThat(batches).isEqualTo(EpochOrder.of(training, atOnce, 8, 4).batches(epoch));
            orders.add(order);
            long shards = batches.get(0).stream().map(Example::shard).distinct().count();
            assertThat(shards == 1).as("one shard at a time").isEqualTo(atOnce == 1);
        }
        assertThat(orders).hasSize(3);
    }

    @Test
    void aDatasetOfOneGradeIsRefused() throws IOException {
        try (Laboratory laboratory = new Laboratory(folder.resolve("w")).furnished(folder.resolve("s"))) {
            Dataset dataset = laboratory.datasets.get("eyes-train");
            List<Example> one = List.of(new Example(0, 0, 0, 2), new Example(1, 0, 1, 2));
            List<Example> two = List.of(new Example(0, 0, 0, 2), new Example(1, 0, 1, 3));
            assertThatThrownBy(() -> new Division(one, dataset, two).checked(dataset))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("\"dataset\"")
                    .hasMessageContaining("two grades or more");
            assertThatThrownBy(() -> new Division(two, dataset, one).checked(dataset))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("\"validation\"");
        }
    }

    private static List<Integer> perGrade(List<Example> examples) {
        return examples.stream()
                .collect(Collectors.groupingBy(Example::grade, TreeMap::new, Collectors.summingInt(e -> 1)))
                .values()
                .stream()
                .toList();
    }
}
