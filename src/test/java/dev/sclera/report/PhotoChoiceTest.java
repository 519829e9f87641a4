package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.evaluation.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoChoiceTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theChoiceIsStratifiedShowsChangesAndIgnoresTheOrderOfTheImages(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Prediction> before = new ArrayList<>();
        List<Prediction> after = new ArrayList<>();
        int images = 60 + random.nextInt(100);
        int changes = random.nextInt(4);
        for (int i = 0; i < images; i++) {
            int truth = i % 5;
            before.add(prediction(i, truth, truth));
            after.add(prediction(i, truth, i < changes ? (truth + 1) % 5 : truth));
        }
        List<Integer> chosen = PhotoChoice.choose(before, after, 8);

        assertThat(chosen).hasSize(8).doesNotHaveDuplicates();
        assertThat(chosen.stream().map(i -> before.get(i).truth()).toList()).isSorted();
        assertThat(chosen.stream().filter(i -> i < changes).count()).isGreaterThanOrEqualTo(Math.min(2, changes));
        assertThat(chosen.stream().map(i -> before.get(i).truth()).distinct().count())
                .isGreaterThanOrEqualTo(4);
        List<Integer> order = new ArrayList<>(IntStream.range(0, images).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        List<Integer> shuffled = PhotoChoice.choose(
                order.stream().map(before::get).toList(),
                order.stream().map(after::get).toList(),
                8);
        assertThat(shuffled.stream().map(order::get).toList()).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void ofFewImagesAllAreChosen(int images) {
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            predictions.add(prediction(i, 3, 3));
        }

        assertThat(PhotoChoice.choose(predictions, predictions, 8)).hasSize(images);
    }

    private static Prediction prediction(int image, int truth, int grade) {
        return new Prediction("image-" + image, truth, grade, List.of());
    }
}
