package dev.sclera.metrics;

/** A figure that a confusion matrix determines, such as {@link CohenKappa} or {@code ConfusionMatrix::accuracy}. */
@FunctionalInterface
public interface MatrixStatistic {

    Measure of(ConfusionMatrix matrix);
}
