package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a repair gains on several variants of the same images, such as those under the attacks it has not seen, with the
 * mean and the largest gain, as Mukherjee et al. 2023 report them ("Universal adversarial framework to improve
 * adversarial robustness for diabetic retinopathy detection", arXiv 2312.08193). Images are resampled once for all
 * variants, so that the interval of the mean allows for their being the same images. It says how far the mean would
 * move with other images, not with other attacks.
 *
 * <p>The largest of several gains is partly luck, so it overstates, and so does its interval, which runs over the
 * largest gain of each resample, whichever variant has it. Where one variant has to be judged, judge it by its own.
 *
 * @param each the gain on each variant, in the order in which they were given
 * @param mean of all gains; undefined where there are none or one of them is undefined
 * @param largest of all gains; undefined where the mean is
 * @param largestOn the name of the variant with the largest gain, the first of equals; null where it is undefined
 */
public record Gains(
        List<Gain> each,
        BootstrapInterval mean,
        BootstrapInterval largest,
        @Nullable String largestOn) {

    public Gains {
        each = List.copyOf(each);
    }

    /**
     * A variant of the images, and the figure gained on it.
     *
     * @param name unique among the variants
     * @param gain the figure after minus that before
     */
    public record Variant(String name, ImageStatistic gain) {

        public Variant {
            requireNonNull(name, "name is null");
            requireNonNull(gain, "gain is null");
        }

        /**
         * The gain of a figure of the confusion matrix.
         *
         * @param truth the true grade of each image, {@code [n]}, each 0 to {@code grades - 1}
         * @param before the grade predicted before the repair, {@code [n]}, in the same order
         * @param after the grade predicted after it, {@code [n]}, in the same order
         * @throws IllegalArgumentException if the lengths differ, there are fewer than 2 grades, or one is out of range
         */
        public static Variant of(
                String name, int[] truth, int[] before, int[] after, int grades, MatrixStatistic statistic) {
            return new Variant(
                    name,
                    ImageStatistic.of(truth, after, grades, statistic)
                            .minus(ImageStatistic.of(truth, before, grades, statistic)));
        }
    }

    /**
     * The gain on one variant.
     *
     * @param variant its name
     * @param interval the gain with its interval
     */
    public record Gain(String variant, BootstrapInterval interval) {}

    /**
     * Works out the gains.
     *
     * @param variants of one and the same images in the same order
     * @throws IllegalArgumentException if two variants have the same name, or differ in how many images they have
     */
    public static Gains of(List<Variant> variants, Bootstrap bootstrap) {
        Set<String> names = new HashSet<>();
        for (Variant variant : variants) {
            if (!names.add(variant.name())) {
                throw new IllegalArgumentException(
                        "Two variants are named \"" + variant.name() + "\", but each needs a name of its own.");
            }
        }
        if (variants.isEmpty()) {
            Measure none = Measure.undefined("there are no variants to gain on");
            BootstrapInterval unbounded = new Replicates(none, bootstrap.resamples()).percentiles(bootstrap.level());
            return new Gains(List.of(), unbounded, unbounded, null);
        }
        List<Replicates> replicates =
                bootstrap.replicates(variants.stream().map(Variant::gain).toList());
        Measure[] estimates = new Measure[variants.size()];
        Gain[] each = new Gain[variants.size()];
        for (int i = 0; i < each.length; i++) {
            String name = variants.get(i).name();
            estimates[i] = named(name, replicates.get(i).estimate());
            each[i] = new Gain(name, replicates.get(i).percentiles(bootstrap.level()));
        }
        return new Gains(
                List.of(each),
                overall(estimates, replicates, Gains::mean).percentiles(bootstrap.level()),
                overall(estimates, replicates, Gains::largest).percentiles(bootstrap.level()),
                largestOn(variants, estimates));
    }

    private static Measure named(String variant, Measure gain) {
        return gain.whyUndefined()
                .map(reason -> Measure.undefined("the gain on " + variant + " is undefined: " + reason))
                .orElse(gain);
    }

    private static Replicates overall(Measure[] estimates, List<Replicates> replicates, ToDoubleFunction<double[]> of) {
        Measure estimate = Arrays.stream(estimates)
                .filter(gain -> !gain.defined())
                .findFirst()
                .orElseGet(() -> Measure.of(of.applyAsDouble(Arrays.stream(estimates)
                        .mapToDouble(Measure::orElseThrow)
                        .toArray())));
        return Replicates.combined(estimate, replicates, of);
    }

    private static double mean(double[] gains) {
        return Arrays.stream(gains).sum() / gains.length;
    }

    private static double largest(double[] gains) {
        return Arrays.stream(gains).max().orElseThrow();
    }

    private static @Nullable String largestOn(List<Variant> variants, Measure[] estimates) {
        String name = null;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < estimates.length; i++) {
            if (!estimates[i].defined()) {
                return null;
            }
            if (estimates[i].orElseThrow() > largest) {
                largest = estimates[i].orElseThrow();
                name = variants.get(i).name();
            }
        }
        return name;
    }
}
