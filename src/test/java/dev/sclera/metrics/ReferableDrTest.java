package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferableDrTest {

    private static final int[] TRUTH = {0, 0, 1, 1, 2, 2, 3, 4, 0, 2, 1, 4};
    private static final double[] SCORES = {0.05, 0.10, 0.10, 0.62, 0.55, 0.62, 0.90, 0.97, 0.05, 0.10, 0.30, 0.62};

    /** Truth: recall_score of scikit-learn 1.9.1 on grade >= 2, and on its negation. */
    @Test
    void sensitivityAndSpecificityAreThoseOfScikitLearn() {
        ConfusionMatrix matrix = new ConfusionMatrix(ReferenceMatrices.FIVE_GRADES);

        assertThat(ReferableDr.sensitivity(matrix).orElseThrow()).isCloseTo(0.8571428571428571, within(1e-15));
        assertThat(ReferableDr.specificity(matrix).orElseThrow()).isCloseTo(0.9, within(1e-15));
    }

    /** Truth: roc_auc_score of scikit-learn 1.9.1; the scores hold ties within and across the two kinds. */
    @Test
    void theAreaWithTiesIsThatOfScikitLearn() {
        assertThat(ReferableDr.auc(TRUTH, SCORES).orElseThrow()).isCloseTo(0.8611111111111112, within(1e-15));
    }

    /** Truth: roc_auc_score of scikit-learn 1.9.1 with these draws as sample_weight. */
    @Test
    void theAreaOfAResampleCountsEachImageAsOftenAsItIsDrawn() {
        int[] draws = {1, 0, 2, 1, 3, 0, 1, 1, 0, 2, 1, 0};

        assertThat(ReferableDr.aucOver(TRUTH, SCORES).over(draws).orElseThrow())
                .isCloseTo(0.7428571428571429, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theAreaIsTheShareOfPairsInTheRightOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] truth = random.ints(120, 0, 5).toArray();
        double[] scores = Arrays.stream(truth)
                .mapToDouble(grade -> random.nextInt(10 + grade) / 10.0)
                .toArray();
        double wins = 0;
        int pairs = 0;
        for (int i = 0; i < truth.length; i++) {
            for (int j = 0; j < truth.length; j++) {
                if (truth[i] >= 2 && truth[j] < 2) {
                    pairs++;
                    wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        assertThat(ReferableDr.auc(truth, scores).orElseThrow()).isCloseTo(wins / pairs, within(1e-14));
        double[] negated = Arrays.stream(scores).map(score -> -score).toArray();
        assertThat(ReferableDr.auc(truth, negated).orElseThrow()).isCloseTo(1 - wins / pairs, within(1e-14));
    }

    @Test
    void theScoreIsTheProbabilityOfTheReferableGrades() {
        assertThat(ReferableDr.score(new double[] {0.5, 0.125, 0.25, 0.0625, 0.0625}))
                .isEqualTo(0.375);
    }

    @Test
    void oneKindOfImageAloneHasNoFigureOfTheOther() {
        ConfusionMatrix healthy = ConfusionMatrix.of(new int[] {0, 1}, new int[] {0, 3}, 5);
        ConfusionMatrix ill = ConfusionMatrix.of(new int[] {2, 4}, new int[] {0, 3}, 5);
        Measure noneReferable = Measure.undefined("no image has a true grade of 2 or more");
        Measure allReferable = Measure.undefined("no image has a true grade below 2");

        assertThat(ReferableDr.sensitivity(healthy)).isEqualTo(noneReferable);
        assertThat(ReferableDr.specificity(healthy)).isEqualTo(Measure.of(0.5));
        assertThat(ReferableDr.specificity(ill)).isEqualTo(allReferable);
        assertThat(ReferableDr.auc(new int[] {0, 1}, new double[] {0.1, 0.2})).isEqualTo(noneReferable);
        assertThat(ReferableDr.auc(new int[] {3}, new double[] {0.1})).isEqualTo(allReferable);
    }

    @Test
    void scoresThatHaveNoOrderAndTooFewGradesAreRefusedWithTheirReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferableDr.auc(new int[] {0, 3}, new double[] {0.1, Double.NaN}))
                .withMessage("scores[1] is NaN, which has no place in an order.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferableDr.auc(new int[] {0, 3}, new double[] {0.1}))
                .withMessage("truth has 2 images and scores has 1, but both have to hold the same images in the same"
                        + " order.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferableDr.sensitivity(new ConfusionMatrix(new long[2][2])))
                .withMessage("There are 2 grades, but referable diabetic retinopathy starts at grade 2, so at least 3"
                        + " are needed.");
    }
}
