package dev.sclera.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Bootstrap intervals for several figures that hold all at once: each reaches as many of its standard errors to either
 * side as the figure that strays furthest does in a share {@code level} of resamples (Westfall &amp; Young 1993,
 * "Resampling-based multiple testing", by the distribution of the largest |t|).
 */
final class SimultaneousBand {

    private final double[] estimates;
    private final int resamples;
    private final double level;
    private final double[] reach;

    /**
     * @param estimates {@code [figures]}
     * @param resampled {@code [resamples, figures]}
     * @param level the coverage aimed at, above 0 and below 1
     */
    SimultaneousBand(double[] estimates, double[][] resampled, double level) {
        this.estimates = estimates;
        this.level = level;
        resamples = resampled.length;
        double[] errors = IntStream.range(0, estimates.length)
                .mapToDouble(figure -> standardError(resampled, figure))
                .toArray();
        double[] furthest = Arrays.stream(resampled)
                .mapToDouble(row -> furthest(row, errors))
                .sorted()
                .toArray();
        double steps = resamples == 0 ? 0 : Replicates.quantile(furthest, level);
        reach = Arrays.stream(errors).map(error -> steps * error).toArray();
    }

    private static double standardError(double[][] resampled, int figure) {
        double mean = Arrays.stream(resampled)
                .mapToDouble(row -> row[figure])
                .average()
                .orElse(0);
        double variance = Arrays.stream(resampled)
                .mapToDouble(row -> (row[figure] - mean) * (row[figure] - mean))
                .average()
                .orElse(0);
        return Math.sqrt(variance);
    }

    /** A figure that is the same on all resamples strays nowhere. */
    private double furthest(double[] row, double[] errors) {
        return IntStream.range(0, row.length)
                .filter(figure -> errors[figure] > 0)
                .mapToDouble(figure -> Math.abs(row[figure] - estimates[figure]) / errors[figure])
                .max()
                .orElse(0);
    }

    /**
     * The interval of the largest: where all true figures lie within the band, no lower end is above the largest of
     * them, and the upper end of that one is not below it.
     *
     * @param asked how many resamples were asked for
     */
    BootstrapInterval ofLargest(int asked) {
        Measure largest = Measure.of(Arrays.stream(estimates).max().orElseThrow());
        if (resamples == 0) {
            return new BootstrapInterval(largest, null, null, level, asked, asked);
        }
        return new BootstrapInterval(largest, end(-1), end(1), level, asked, asked - resamples);
    }

    private double end(int side) {
        return IntStream.range(0, estimates.length)
                .mapToDouble(figure -> estimates[figure] + side * reach[figure])
                .max()
                .orElseThrow();
    }
}
