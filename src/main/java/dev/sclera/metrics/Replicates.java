package dev.sclera.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A figure over the images themselves and over each of many resamples. */
final class Replicates {

    /** Stands for a resample on which the figure is undefined; never leaves this package. */
    private static final double UNDEFINED = Double.NaN;

    private final Measure estimate;
    private final double[] figures;

    /** Undefined on every resample, until {@link #set}. */
    Replicates(Measure estimate, int resamples) {
        this.estimate = estimate;
        figures = new double[resamples];
        Arrays.fill(figures, UNDEFINED);
    }

    /** The figures of several on each resample on which all of them are defined, {@code [resamples left, several]}. */
    static double[][] rows(List<Replicates> several) {
        return IntStream.range(0, several.get(0).figures.length)
                .mapToObj(resample -> several.stream()
                        .mapToDouble(one -> one.figures[resample])
                        .toArray())
                .filter(row -> Arrays.stream(row).noneMatch(Double::isNaN))
                .toArray(double[][]::new);
    }

    void set(int resample, Measure figure) {
        figures[resample] = figure.defined() ? figure.orElseThrow() : UNDEFINED;
    }

    Measure estimate() {
        return estimate;
    }

    /** The percentile interval over the resamples on which the figure is defined. */
    BootstrapInterval percentiles(double level) {
        return percentiles(estimate, figures, level, figures.length);
    }

    /**
     * The percentile interval of a figure.
     *
     * @param figures over resamples; NaN, like a resample that is not there, where it is undefined
     * @param resamples how many were asked for
     */
    static BootstrapInterval percentiles(Measure estimate, double[] figures, double level, int resamples) {
        double[] sorted = Arrays.stream(figures)
                .filter(figure -> !Double.isNaN(figure))
                .sorted()
                .toArray();
        int undefined = resamples - sorted.length;
        if (sorted.length == 0 || !estimate.defined()) {
            return new BootstrapInterval(estimate, null, null, level, resamples, undefined);
        }
        double tail = (1 - level) / 2;
        return new BootstrapInterval(
                estimate, quantile(sorted, tail), quantile(sorted, 1 - tail), level, resamples, undefined);
    }

    /** Linear between order statistics (Hyndman &amp; Fan 1996, definition 7). */
    static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
