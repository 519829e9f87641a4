package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CohenKappaTest {

    /** The worked example of the English Wikipedia's article "Cohen's kappa": 50 grant proposals, two readers. */
    @ParameterizedTest
    @EnumSource
    void theTwoReadersOfTheWorkedExampleAgreeAtTwoFifths(CohenKappa kappa) {
        assertThat(figure(kappa, new ConfusionMatrix(new long[][] {{20, 5}, {10, 15}})))
                .isCloseTo(0.4, within(1e-15));
    }

    /** Truth: cohen_kappa_score of scikit-learn 1.9.1, weights None, "linear", "quadratic". */
    @ParameterizedTest
    @CsvSource({"UNWEIGHTED, 0.6012601876583796", "LINEAR, 0.7259933597515262", "QUADRATIC, 0.8162768314792846"})
    void fiveGradesAgreeAsInScikitLearn(CohenKappa kappa, double expected) {
        assertThat(figure(kappa, new ConfusionMatrix(ReferenceMatrices.FIVE_GRADES)))
                .isCloseTo(expected, within(1e-14));
    }

    /** Truth: cohen_kappa_score of scikit-learn 1.9.1 with labels 0, 1, 2. */
    @ParameterizedTest
    @EnumSource
    void aGradeThatNeverOccursChangesNothing(CohenKappa kappa) {
        assertThat(figure(kappa, new ConfusionMatrix(new long[][] {{7, 3, 0}, {2, 8, 0}, {0, 0, 0}})))
                .isCloseTo(0.5, within(1e-15));
    }

    @ParameterizedTest
    @EnumSource
    void oneSingleGradeOnBothSidesLeavesKappaUndefined(CohenKappa kappa) {
        ConfusionMatrix matrix = ConfusionMatrix.of(new int[] {3, 3, 3}, new int[] {3, 3, 3}, 5);

        assertThat(kappa.of(matrix))
                .isEqualTo(
                        Measure.undefined(
                                "true and predicted grades are one and the same throughout, so chance alone would agree fully"));
    }

    @ParameterizedTest
    @EnumSource
    void withoutImagesThereIsNoKappa(CohenKappa kappa) {
        assertThat(kappa.of(new ConfusionMatrix(new long[5][5]))).isEqualTo(Measure.undefined("there are no images"));
    }

    @ParameterizedTest
    @EnumSource
    void alwaysPredictingOneGradeIsWorthNothing(CohenKappa kappa) {
        assertThat(figure(kappa, ConfusionMatrix.of(new int[] {0, 1, 2, 4, 0}, new int[] {0, 0, 0, 0, 0}, 5)))
                .isZero();
    }

    @Test
    void totalDisagreementOfTwoEvenGradesIsMinusOne() {
        assertThat(figure(CohenKappa.UNWEIGHTED, new ConfusionMatrix(new long[][] {{0, 8}, {8, 0}})))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("gradings")
    void kappaIsOneExactlyWhereEveryImageIsOnTheDiagonal(Grading grading) {
        for (CohenKappa kappa : CohenKappa.values()) {
            ConfusionMatrix agreeing = ConfusionMatrix.of(grading.truth(), grading.truth(), grading.grades());
            assertThat(figure(kappa, agreeing)).isEqualTo(1);

            int[] oneOff = grading.truth().clone();
            oneOff[0] = (oneOff[0] + 1) % grading.grades();
            assertThat(figure(kappa, ConfusionMatrix.of(grading.truth(), oneOff, grading.grades())))
                    .isLessThan(1);
        }
    }

    @ParameterizedTest
    @MethodSource("gradings")
    void kappaIsTheSameWhicheverSideIsTheTruth(Grading grading) {
        ConfusionMatrix transposed = ConfusionMatrix.of(grading.predicted(), grading.truth(), grading.grades());

        for (CohenKappa kappa : CohenKappa.values()) {
            assertThat(figure(kappa, transposed)).isCloseTo(figure(kappa, grading.matrix()), within(1e-13));
        }
    }

    @ParameterizedTest
    @MethodSource("gradings")
    void weightedKappaIsTheSameOnTheReversedScale(Grading grading) {
        ConfusionMatrix reversed = relabelled(grading, grade -> grading.grades() - 1 - grade);

        for (CohenKappa kappa : CohenKappa.values()) {
            assertThat(figure(kappa, reversed)).isCloseTo(figure(kappa, grading.matrix()), within(1e-13));
        }
    }

    @ParameterizedTest
    @MethodSource("gradings")
    void onlyUnweightedKappaIgnoresTheOrderOfTheGrades(Grading grading) {
        ConfusionMatrix swapped = relabelled(grading, grade -> grade < 2 ? 1 - grade : grade);

        assertThat(figure(CohenKappa.UNWEIGHTED, swapped))
                .isCloseTo(figure(CohenKappa.UNWEIGHTED, grading.matrix()), within(1e-13));
        assertThat(figure(CohenKappa.QUADRATIC, swapped))
                .isNotCloseTo(figure(CohenKappa.QUADRATIC, grading.matrix()), within(1e-6));
    }

    /** Quadratic kappa is Lin's concordance coefficient, with moments divided by n, of the grades taken as numbers. */
    @ParameterizedTest
    @MethodSource("gradings")
    void quadraticKappaIsTheConcordanceOfTheGradesAsNumbers(Grading grading) {
        double meanTruth = mean(grading.truth());
        double meanPredicted = mean(grading.predicted());
        double covariance = 0;
        double variances = 0;
        for (int i = 0; i < grading.truth().length; i++) {
            double t = grading.truth()[i] - meanTruth;
            double p = grading.predicted()[i] - meanPredicted;
            covariance += t * p;
            variances += t * t + p * p;
        }
        double shift = meanTruth - meanPredicted;
        double concordance = 2 * covariance / (variances + grading.truth().length * shift * shift);

        assertThat(figure(CohenKappa.QUADRATIC, grading.matrix())).isCloseTo(concordance, within(1e-12));
    }

    static Stream<Arguments> gradings() {
        return Stream.iterate(1L, seed -> seed + 1)
                .limit(12)
                .map(SplittableRandom::new)
                .map(random -> Arguments.of(Grading.random(
                        random, random.nextInt(100, 600), random.nextInt(3, 8), random.nextDouble(0.3, 0.9))));
    }

    private static ConfusionMatrix relabelled(Grading grading, IntUnaryOperator relabel) {
        return ConfusionMatrix.of(
                Arrays.stream(grading.truth()).map(relabel).toArray(),
                Arrays.stream(grading.predicted()).map(relabel).toArray(),
                grading.grades());
    }

    private static double mean(int[] grades) {
        return Arrays.stream(grades).average().orElseThrow();
    }

    private static double figure(CohenKappa kappa, ConfusionMatrix matrix) {
        return kappa.of(matrix).orElseThrow();
    }
}
