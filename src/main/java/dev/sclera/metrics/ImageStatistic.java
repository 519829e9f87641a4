package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.stream.IntStream;

/**
 * A figure over a set of images that can be worked out again when each image counts another number of times, which is
 * what the bootstrap asks for.
 */
public interface ImageStatistic {

    /** How many images there are. */
    int images();

    /** @param draws how often each image counts, {@code [images]}, 0 or more; only read, and not kept */
    Measure over(int[] draws);

    /**
     * Which images are interchangeable, {@code [images]}, numbered from 0 without gaps: counting one image in place of
     * another of its kind leaves the figure as it is. Unless known better, each image is of its own kind.
     */
    default int[] kinds() {
        return IntStream.range(0, images()).toArray();
    }

    /**
     * A figure of the confusion matrix of two gradings of the same images.
     *
     * @param truth the true grade of each image, {@code [n]}, each 0 to {@code grades - 1}; for a fooling rate, the
     *     grade predicted for each clean image
     * @param predicted the predicted grade of each image, {@code [n]}, in the same order
     * @throws IllegalArgumentException if the lengths differ, there are fewer than 2 grades, or one is out of range
     */
    static ImageStatistic of(int[] truth, int[] predicted, int grades, MatrixStatistic statistic) {
        requireNonNull(statistic, "statistic is null");
        GradePairs pairs = new GradePairs("truth", truth, "predicted", predicted, grades);
        return new ImageStatistic() {
            @Override
            public int images() {
                return pairs.images();
            }

            @Override
            public Measure over(int[] draws) {
                return statistic.of(pairs.matrix(draws));
            }

            @Override
            public int[] kinds() {
                return pairs.kinds();
            }
        };
    }

    /**
     * This figure minus the other on the same images: resampled together, so that their difference is paired.
     *
     * @throws IllegalArgumentException if the other has a different number of images
     */
    default ImageStatistic minus(ImageStatistic other) {
        if (other.images() != images()) {
            throw new IllegalArgumentException("A difference needs the same images on both sides, but there are "
                    + images() + " and " + other.images() + ".");
        }
        ImageStatistic self = this;
        return new ImageStatistic() {
            @Override
            public int images() {
                return self.images();
            }

            @Override
            public Measure over(int[] draws) {
                return self.over(draws).minus(other.over(draws));
            }

            @Override
            public int[] kinds() {
                return Kinds.ofBoth(self.kinds(), other.kinds());
            }
        };
    }
}
