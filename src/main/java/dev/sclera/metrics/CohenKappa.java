package dev.sclera.metrics;

import java.util.function.IntBinaryOperator;

/**
 * Cohen's kappa: agreement beyond what chance would give to raters with these margins, 1 for full agreement, 0 for that
 * of chance, below 0 for less. With disagreement weights w, {@code 1 - Σ w·observed / Σ w·expected} (Cohen 1960, "A
 * coefficient of agreement for nominal scales"; weighted: Cohen 1968, "Weighted kappa").
 *
 * <p>Undefined without images, and where truth and prediction are one and the same grade throughout: agreement expected
 * by chance is then already full.
 */
public enum CohenKappa implements MatrixStatistic {
    /** Every disagreement weighs 1. */
    UNWEIGHTED((truth, predicted) -> truth == predicted ? 0 : 1),
    /** A disagreement weighs the distance of its grades. */
    LINEAR((truth, predicted) -> Math.abs(truth - predicted)),
    /** A disagreement weighs the squared distance of its grades. */
    QUADRATIC((truth, predicted) -> (truth - predicted) * (truth - predicted));

    private final IntBinaryOperator weight;

    CohenKappa(IntBinaryOperator weight) {
        this.weight = weight;
    }

    @Override
    public Measure of(ConfusionMatrix matrix) {
        int grades = matrix.grades();
        long[] predictedTotals = new long[grades];
        for (int grade = 0; grade < grades; grade++) {
            predictedTotals[grade] = matrix.ofPredicted(grade);
        }
        double observed = 0;
        double expected = 0;
        long images = 0;
        for (int truth = 0; truth < grades; truth++) {
            long truthTotal = matrix.ofTruth(truth);
            images += truthTotal;
            for (int predicted = 0; predicted < grades; predicted++) {
                double disagreement = weight.applyAsInt(truth, predicted);
                observed += disagreement * matrix.count(truth, predicted);
                expected += disagreement * truthTotal * predictedTotals[predicted];
            }
        }
        if (images == 0) {
            return Measure.undefined(ConfusionMatrix.NO_IMAGES);
        }
        if (expected == 0) {
            return Measure.undefined(
                    "true and predicted grades are one and the same throughout, so chance alone would agree fully");
        }
        return Measure.of(1 - images * observed / expected);
    }
}
