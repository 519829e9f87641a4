package dev.sclera.metrics;

import java.util.Arrays;

/** A figure with each image left out in turn (Quenouille 1956, "Notes on bias in estimation"). */
final class Jackknife {

    private Jackknife() {}

    /** {@code [images]}: the figure without image 0, without image 1, … */
    static Measure[] withoutEach(ImageStatistic statistic) {
        int[] draws = new int[statistic.images()];
        Arrays.fill(draws, 1);
        int[] kinds = statistic.kinds();
        Measure[] byKind = new Measure[Arrays.stream(kinds).max().orElse(-1) + 1];
        Measure[] without = new Measure[draws.length];
        for (int image = 0; image < draws.length; image++) {
            Measure known = byKind[kinds[image]];
            if (known == null) {
                draws[image] = 0;
                known = statistic.over(draws);
                draws[image] = 1;
                byKind[kinds[image]] = known;
            }
            without[image] = known;
        }
        return without;
    }
}
