package dev.sclera.attack;

import dev.sclera.dataset.Images;
import dev.sclera.model.ModelDescriptor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What is shown to models in place of images by attacks that have none: the pixel that a model's preprocessing maps to
 * 0, its mean, as far as 8 bits hold it; the mean over the models where there are several.
 */
final class Substitutes {

    /** The option that says what is known of the images. */
    static final Options.Choice PRIOR = new Options.Choice(
            "prior",
            "what is known of the data: nothing, or the range of pixels, as noise of that range",
            "range",
            List.of("none", "range"));

    /** So many standard deviations to either side hold 99.9 % of a Gaussian. */
    private static final double SPAN = 3.2905;

    /** A mean that is nearer to black or white says nothing of images: models that take pixels as they are have 0. */
    private static final double LEAST = 0.1;

    private static final double GREY = 0.5;

    private final int height;
    private final int width;
    private final long seed;
    private final boolean range;
    private final double[] mean;

    private Substitutes(int height, int width, long seed, boolean range, double[] mean) {
        this.height = height;
        this.width = width;
        this.seed = seed;
        this.range = range;
        this.mean = mean;
    }

    static Substitutes of(Problem problem, Oracle oracle) {
        double[] mean = new double[3];
        for (int model = 0; model < oracle.members(); model++) {
            double[] own = mean(oracle.member(model).descriptor());
            for (int channel = 0; channel < 3; channel++) {
                mean[channel] += own[channel] / oracle.members();
            }
        }
        boolean range = "range".equals(problem.options().values().get(PRIOR.name()));
        return new Substitutes(problem.height(), problem.width(), problem.seed(), range, mean);
    }

    /** The mean pixel of a model, {@code [3]}, RGB, of the full range; mid-grey where its preprocessing names none. */
    static double[] mean(ModelDescriptor model) {
        double[] mean = new double[3];
        for (int channel = 0; channel < 3; channel++) {
            int source = model.channels() == ModelDescriptor.Channels.RGB ? channel : 2 - channel;
            double pixel = model.mean().get(source) / model.scale();
            mean[channel] = pixel < LEAST || pixel > 1 - LEAST ? GREY : pixel;
        }
        return mean;
    }

    /** The mean pixel, {@code [3]}, RGB, of the full range. */
    double[] mean() {
        return mean.clone();
    }

    /** What the option {@link #PRIOR} says is shown: noise, or where nothing is known the mean pixel. */
    Images shown(int most, long index) {
        return range ? noise(most, index) : grey();
    }

    /** One image that is all mean. */
    Images grey() {
        return images(1, channel -> mean[channel]);
    }

    /**
     * Images of independent Gaussian values about the mean, 99.9 % of which lie within the range of pixels.
     *
     * @param index which ones; it and the seed alone determine them
     */
    Images noise(int count, long index) {
        SplittableRandom random = Shuffle.generator(seed, index, 1);
        return images(count, channel -> {
            double deviation = Math.min(mean[channel], 1 - mean[channel]) / SPAN;
            return mean[channel] + deviation * random.nextGaussian();
        });
    }

    private Images images(int count, IntToDoubleFunction pixel) {
        byte[] pixels = new byte[count * height * width * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, pixel.applyAsDouble(i % 3))));
        }
        return new Images(
                height,
                width,
                pixels,
                new int[count],
                IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }
}
