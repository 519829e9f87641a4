package dev.sclera.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A figure over the images themselves and over each of many resamples. */
final class Replicates {

    /** Stands for a resample on which the figure is undefined; never leaves this class. */
    private static final double UNDEFINED = Double.NaN;

    private final Measure estimate;
    private final double[] figures;

    /** Undefined on every resample, until {@link #set}. */
    Replicates(Measure estimate, int resamples) {
        this.estimate = estimate;
        figures = new double[resamples];
        Arrays.fill(figures, UNDEFINED);
    }

    /**
     * One figure out of several, on the same resamples; undefined where one of them is.
     *
     * @param of from the figures of one resample, {@code [several]}, to the one
     */
    static Replicates combined(Measure estimate, List<Replicates> several, ToDoubleFunction<double[]> of) {
        int resamples = several.get(0).figures.length;
        Replicates combined = new Replicates(estimate, resamples);
        double[] row = new double[several.size()];
        for (int resample = 0; resample < resamples; resample++) {
            boolean defined = true;
            for (int i = 0; i < row.length; i++) {
                row[i] = several.get(i).figures[resample];
                defined &= !Double.isNaN(row[i]);
            }
            combined.figures[resample] = defined ? of.applyAsDouble(row) : UNDEFINED;
        }
        return combined;
    }

    void set(int resample, Measure figure) {
        figures[resample] = figure.defined() ? figure.orElseThrow() : UNDEFINED;
    }

    Measure estimate() {
        return estimate;
    }

    /** The percentile interval over the resamples on which the figure is defined. */
    BootstrapInterval percentiles(double level) {
        double[] sorted = Arrays.stream(figures)
                .filter(figure -> !Double.isNaN(figure))
                .sorted()
                .toArray();
        int undefined = figures.length - sorted.length;
        if (sorted.length == 0 || !estimate.defined()) {
            return new BootstrapInterval(estimate, null, null, level, figures.length, undefined);
        }
        double tail = (1 - level) / 2;
        return new BootstrapInterval(
                estimate, quantile(sorted, tail), quantile(sorted, 1 - tail), level, figures.length, undefined);
    }

    /** Linear between order statistics (Hyndman &amp; Fan 1996, definition 7). */
    private static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
