package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {

    @Test
    void rowsAreTrueGradesAndColumnsPredictedOnes() {
        ConfusionMatrix matrix = ConfusionMatrix.of(new int[] {0, 0, 1, 2, 2, 2}, new int[] {0, 1, 1, 0, 2, 2}, 3);

        assertThat(matrix.counts()).isDeepEqualTo(new long[][] {{1, 1, 0}, {0, 1, 0}, {1, 0, 2}});
        assertThat(matrix.count(2, 0)).isOne();
        assertThat(matrix.count(0, 2)).isZero();
        assertThat(matrix.ofTruth(2)).isEqualTo(3);
        assertThat(matrix.ofPredicted(2)).isEqualTo(2);
        assertThat(matrix.total()).isEqualTo(6);
    }

    @Test
    void accuracyAndRecallsAreThoseOfScikitLearn() {
        ConfusionMatrix matrix = new ConfusionMatrix(ReferenceMatrices.FIVE_GRADES);

        assertThat(matrix.accuracy().orElseThrow()).isCloseTo(0.7335834896810507, within(1e-15));
        assertThat(RecallByGrade.of(matrix).recalls())
                .extracting(Measure::orElseThrow)
                .containsExactly(0.916030534351145, 0.45588235294117646, 0.6428571428571429, 0.44, 0.5);
    }

    @Test
    void aGradeThatNoImageHasHasNoRecall() {
        ConfusionMatrix matrix = new ConfusionMatrix(new long[][] {{7, 3, 0}, {2, 8, 0}, {0, 0, 0}});

        assertThat(RecallByGrade.of(matrix).recalls())
                .containsExactly(Measure.of(0.7), Measure.of(0.8), Measure.undefined("no image has the true grade 2"));
    }

    @Test
    void withoutImagesThereIsNoAccuracy() {
        assertThat(ConfusionMatrix.of(new int[0], new int[0], 5).accuracy())
                .isEqualTo(Measure.undefined("there are no images"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theShardsAddUpToTheWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Grading whole = Grading.random(random, 301, 5, 0.4);
        int cut = random.nextInt(302);
        ConfusionMatrix first = ConfusionMatrix.of(
                Arrays.copyOfRange(whole.truth(), 0, cut), Arrays.copyOfRange(whole.predicted(), 0, cut), 5);
        ConfusionMatrix second = ConfusionMatrix.of(
                Arrays.copyOfRange(whole.truth(), cut, 301), Arrays.copyOfRange(whole.predicted(), cut, 301), 5);

        assertThat(first.plus(second)).isEqualTo(whole.matrix()).isEqualTo(second.plus(first));
    }

    @Test
    void noOneCanChangeItFromOutside() {
        long[][] given = {{1, 2}, {3, 4}};
        ConfusionMatrix matrix = new ConfusionMatrix(given);
        given[0][0] = 99;
        matrix.counts()[1][1] = 99;

        assertThat(matrix).isEqualTo(new ConfusionMatrix(new long[][] {{1, 2}, {3, 4}}));
        assertThat(matrix).hasSameHashCodeAs(new ConfusionMatrix(new long[][] {{1, 2}, {3, 4}}));
        assertThat(matrix).isNotEqualTo(new ConfusionMatrix(new long[][] {{1, 2}, {3, 5}}));
        assertThat(matrix).hasToString("ConfusionMatrix[[1, 2], [3, 4]]");
    }

    @Test
    void whatCannotBeCountedIsRefusedWithItsReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0, 5}, new int[] {0, 1}, 5))
                .withMessage("truth[1] is 5, but a grade is 0 to 4.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0, 4}, new int[] {-1, 1}, 5))
                .withMessage("predicted[0] is -1, but a grade is 0 to 4.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0}, new int[] {0, 1}, 5))
                .withMessage("truth has 1 images and predicted has 2, but both have to hold the same images in the"
                        + " same order.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(new int[] {0}, new int[] {0}, 1))
                .withMessage("grades is 1, but there have to be at least 2.");
    }

    @Test
    void countsThatAreNoMatrixAreRefusedWithTheirReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfusionMatrix(new long[][] {{1}}))
                .withMessage("A confusion matrix of 1 grades was given, but there have to be at least 2.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfusionMatrix(new long[][] {{1, 2}, {3}}))
                .withMessage("Row 1 of a confusion matrix has 1 counts, but has to have 2, one for each grade.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfusionMatrix(new long[][] {{1, -2}, {3, 4}}))
                .withMessage("Row 0 of a confusion matrix holds the count -2, but a count is 0 or more.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfusionMatrix(new long[2][2]).plus(new ConfusionMatrix(new long[3][3])))
                .withMessage("A confusion matrix of 3 grades cannot be added to one of 2.");
    }
}
