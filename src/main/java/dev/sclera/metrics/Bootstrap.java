package dev.sclera.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap over images (Efron &amp; Tibshirani 1993, "An introduction to the bootstrap", ch. 13): each
 * resample draws as many images as there are, with replacement and without strata, and the interval runs between the
 * quantiles of the figure over the resamples. The same settings draw the same images for every statistic over equally
 * many images, on every machine.
 *
 * @param resamples how many resamples to draw, 100 to 1,000,000
 * @param level the coverage aimed at, above 0 and below 1
 * @param seed determines the resamples
 */
public record Bootstrap(int resamples, double level, long seed) {

    private static final int FEWEST = 100;
    private static final int MOST = 1_000_000;

    /** @throws IllegalArgumentException if a setting is out of range */
    public Bootstrap {
        if (resamples < FEWEST || resamples > MOST) {
            throw new IllegalArgumentException(
                    "resamples is " + resamples + ", but has to be " + FEWEST + " to " + MOST + ".");
        }
        Proportions.requireInside("level", level, 1);
    }

    /** 1000 resamples, level 0.95. */
    public static Bootstrap seeded(long seed) {
        return new Bootstrap(1000, 0.95, seed);
    }

    /**
     * The interval of one figure; for the paired interval of a difference, pass
     * {@link ImageStatistic#minus(ImageStatistic)}. Resamples on which the figure is undefined are left out and
     * counted.
     */
    public BootstrapInterval interval(ImageStatistic statistic) {
        int images = statistic.images();
        int[] draws = new int[images];
        Arrays.fill(draws, 1);
        Measure estimate = statistic.over(draws);
        if (!estimate.defined()) {
            return new BootstrapInterval(estimate, null, null, level, resamples, resamples);
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] figures = new double[resamples];
        int defined = 0;
        for (int resample = 0; resample < resamples; resample++) {
            draw(random, draws);
            Measure figure = statistic.over(draws);
            if (figure.defined()) {
                figures[defined++] = figure.orElseThrow();
            }
        }
        int undefined = resamples - defined;
        if (defined == 0) {
            return new BootstrapInterval(estimate, null, null, level, resamples, undefined);
        }
        double[] sorted = Arrays.copyOf(figures, defined);
        Arrays.sort(sorted);
        double tail = (1 - level) / 2;
        return new BootstrapInterval(
                estimate, quantile(sorted, tail), quantile(sorted, 1 - tail), level, resamples, undefined);
    }

    private static void draw(SplittableRandom random, int[] draws) {
        Arrays.fill(draws, 0);
        for (int i = 0; i < draws.length; i++) {
            // nextInt(bound) may use another algorithm in another JDK; the 64 bits of SplitMix may not.
            draws[(int) ((random.nextLong() >>> 32) * draws.length >>> 32)]++;
        }
    }

    /** Linear between order statistics (Hyndman &amp; Fan 1996, definition 7). */
    private static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
