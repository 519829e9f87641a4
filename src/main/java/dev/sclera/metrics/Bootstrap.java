package dev.sclera.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        return intervals(List.of(statistic)).get(0);
    }

    /**
     * The intervals of several figures of the same images, each as {@link #interval} would have it, from resamples
     * drawn once for all.
     *
     * @throws IllegalArgumentException if they differ in how many images they have
     */
    public List<BootstrapInterval> intervals(List<ImageStatistic> statistics) {
        return replicates(statistics).stream()
                .map(replicates -> replicates.percentiles(level))
                .toList();
    }

    /** Each figure over the resamples, which are the same for all of them. */
    List<Replicates> replicates(List<ImageStatistic> statistics) {
        int images = statistics.isEmpty() ? 0 : statistics.get(0).images();
        int[] draws = new int[images];
        Arrays.fill(draws, 1);
        List<Replicates> replicates = new ArrayList<>();
        for (ImageStatistic statistic : statistics) {
            if (statistic.images() != images) {
                throw new IllegalArgumentException("Figures resampled together need the same images, but there are "
                        + images + " and " + statistic.images() + ".");
            }
            replicates.add(new Replicates(statistic.over(draws), resamples));
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int resample = 0; resample < resamples; resample++) {
            draw(random, draws);
            for (int i = 0; i < statistics.size(); i++) {
                if (replicates.get(i).estimate().defined()) {
                    replicates.get(i).set(resample, statistics.get(i).over(draws));
                }
            }
        }
        return List.copyOf(replicates);
    }

    private static void draw(SplittableRandom random, int[] draws) {
        Arrays.fill(draws, 0);
        for (int i = 0; i < draws.length; i++) {
            // nextInt(bound) may use another algorithm in another JDK; the 64 bits of SplitMix may not.
            draws[(int) ((random.nextLong() >>> 32) * draws.length >>> 32)]++;
        }
    }
}
