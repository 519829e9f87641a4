package dev.sclera.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each image contributes to a figure: {@code n θ - (n - 1) θ₋ᵢ}, θ the figure and θ₋ᵢ the figure without image i
 * (Tukey 1958, "Bias and confidence in not-quite large samples"; Miller 1974, "The jackknife: a review"). Their mean
 * estimates the figure, and they may be treated as independent, so that a figure such as kappa, which no single image
 * has, can be tested over images. For an accuracy they are 1 where an image is graded right, 0 elsewhere.
 */
final class PseudoValues {

    private final int images;
    private final double[] values;
    private final @Nullable String reason;

    private PseudoValues(int images, double[] values, @Nullable String reason) {
        this.images = images;
        this.values = values;
        this.reason = reason;
    }

    static PseudoValues of(ImageStatistic statistic) {
        int images = statistic.images();
        int[] draws = new int[images];
        Arrays.fill(draws, 1);
        Measure whole = statistic.over(draws);
        if (!whole.defined()) {
            return new PseudoValues(images, new double[0], whole.reason());
        }
        double theta = whole.orElseThrow();
        if (images == 1) {
            return new PseudoValues(1, new double[] {theta}, null);
        }
        double[] values = new double[images];
        Measure[] without = Jackknife.withoutEach(statistic);
        for (int image = 0; image < images; image++) {
            if (!without[image].defined()) {
                return new PseudoValues(images, new double[0], "without one of the images, " + without[image].reason());
            }
            values[image] = images * theta - (images - 1) * without[image].orElseThrow();
        }
        return new PseudoValues(images, values, null);
    }

    /** @throws IllegalArgumentException if the other has a different number of images */
    MeanDifference minus(PseudoValues other) {
        if (other.images != images) {
            throw new IllegalArgumentException("A difference needs the same images on both sides, but there are "
                    + images + " and " + other.images + ".");
        }
        if (reason != null) {
            return MeanDifference.undefined(images, reason);
        }
        if (other.reason != null) {
            return MeanDifference.undefined(images, other.reason);
        }
        double[] differences = new double[images];
        Arrays.setAll(differences, image -> values[image] - other.values[image]);
        // Each is the difference of two numbers about n times as large as the figure.
        double rounding = 16 * Math.ulp((double) images);
        return MeanDifference.of(differences, rounding);
    }

    /** The distance between the highest and the lowest; 0 where there are none. */
    double range() {
        return Arrays.stream(values).max().orElse(0)
                - Arrays.stream(values).min().orElse(0);
    }
}
