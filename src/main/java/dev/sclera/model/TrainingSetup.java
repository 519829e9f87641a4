package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import dev.sclera.gradient.Optimiser;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.gradient.TrainingGraph;

/**
 * How a grader is trained further.
 *
 * @param layers which of its layers
 * @param normalisation which statistics batch normalisations use
 * @param optimiser how weights follow their gradients
 * @param share where images come in pairs, how much of the cross-entropy is that of the perturbed one, 0 to 1
 * @param consistency how much the divergence of a pair's two answers weighs; 0 where images do not come in pairs, and
 *     the loss is the cross-entropy of each
 * @param imageSlopes whether a step tells the loss's slopes with respect to its images too
 */
public record TrainingSetup(
        TrainedLayers layers,
        TrainingGraph.Normalisation normalisation,
        Optimiser optimiser,
        double share,
        double consistency,
        boolean imageSlopes) {

    /** Without slopes of images. */
    public TrainingSetup(
            TrainedLayers layers,
            TrainingGraph.Normalisation normalisation,
            Optimiser optimiser,
            double share,
            double consistency) {
        this(layers, normalisation, optimiser, share, consistency, false);
    }

    public TrainingSetup {
        requireNonNull(layers, "layers is null");
        requireNonNull(normalisation, "normalisation is null");
        requireNonNull(optimiser, "optimiser is null");
        if (!(share >= 0 && share <= 1) || !(consistency >= 0) || Double.isInfinite(consistency)) {
            throw new IllegalArgumentException(
                    "a share of %s with a consistency of %s is no loss".formatted(share, consistency));
        }
    }

    /** Whether images come in pairs: the first half of a micro-batch clean, the second the same perturbed. */
    public boolean paired() {
        return consistency > 0;
    }
}
