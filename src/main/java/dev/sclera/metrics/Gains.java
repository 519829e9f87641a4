package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a repair gains on several variants of the same images, such as those under the attacks it has not seen, with the
 * mean and the largest gain, as Mukherjee et al. 2023 report them ("Universal adversarial framework to improve
 * adversarial robustness for diabetic retinopathy detection", arXiv 2312.08193). Images are resampled once for all
 * variants, so that the interval of the mean allows for their being the same images. It says how far the mean would
 * move with other images, not with other attacks.
 *
 * <p>The largest of several gains is partly luck, and overstates the largest true gain. Percentiles of the largest gain
 * of each resample would overstate it twice (where four true gains are equal, an interval of level 0.95 held theirs in
 * 65 % of samples), so its interval is the one that follows from intervals for all gains that hold together: from the
 * highest of their lower ends to the highest of their upper ends. It is on the wide side, and its centre below the
 * largest gain.
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
        requireOwnNames(variants);
        List<Replicates> replicates =
                bootstrap.replicates(variants.stream().map(Variant::gain).toList());
        List<Gain> each = IntStream.range(0, variants.size())
                .mapToObj(
                        i -> new Gain(variants.get(i).name(), replicates.get(i).percentiles(bootstrap.level())))
                .toList();
        Optional<Measure> undefined = undefined(each);
        if (undefined.isPresent()) {
            BootstrapInterval none =
                    new Replicates(undefined.get(), bootstrap.resamples()).percentiles(bootstrap.level());
            return new Gains(each, none, none, null);
        }
        double[] gains = each.stream()
                .mapToDouble(gain -> gain.interval().estimate().orElseThrow())
                .toArray();
        double[][] resampled = Replicates.rows(replicates);
        BootstrapInterval mean = Replicates.percentiles(
                Measure.of(mean(gains)),
                Arrays.stream(resampled).mapToDouble(Gains::mean).toArray(),
                bootstrap.level(),
                bootstrap.resamples());
        BootstrapInterval largest =
                new SimultaneousBand(gains, resampled, bootstrap.level()).ofLargest(bootstrap.resamples());
        return new Gains(each, mean, largest, each.get(indexOfLargest(gains)).variant());
    }

    private static void requireOwnNames(List<Variant> variants) {
        Set<String> names = new HashSet<>();
        for (Variant variant : variants) {
            if (!names.add(variant.name())) {
                throw new IllegalArgumentException(
                        "Two variants are named \"" + variant.name() + "\", but each needs a name of its own.");
            }
        }
    }

    /** Why the gains have no mean, if they have none. */
    private static Optional<Measure> undefined(List<Gain> each) {
        if (each.isEmpty()) {
            return Optional.of(Measure.undefined("there are no variants to gain on"));
        }
        return each.stream()
                .filter(gain -> !gain.interval().estimate().defined())
                .map(gain -> Measure.undefined("the gain on " + gain.variant() + " is undefined: "
                        + gain.interval().estimate().reason()))
                .findFirst();
    }

    private static double mean(double[] gains) {
        return Arrays.stream(gains).sum() / gains.length;
    }

    private static int indexOfLargest(double[] gains) {
        int largest = 0;
        for (int i = 1; i < gains.length; i++) {
            if (gains[i] > gains[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
