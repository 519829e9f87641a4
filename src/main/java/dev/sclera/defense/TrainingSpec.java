package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.gradient.TrainedLayers;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a grader is to be trained.
 *
 * @param dataset the name of the dataset to train on; no test split
 * @param validation the name of the dataset to choose the best epoch by, no test split either; null to hold out
 *     {@link FinetuneSpec#DEFAULT_VALIDATION_SHARE} of the training images
 * @param optimisation how weights follow their gradients
 * @param batchStatistics whether batch normalisations use the statistics of the batch, and their running ones follow
 * @param augmentation what is done to images before
 * @param patience after how many epochs without a better one training ends; 0 for not before the last
 * @param seed of everything random
 * @param name under which the grader is kept
 */
public record TrainingSpec(
        String dataset,
        @Nullable String validation,
        Optimisation optimisation,
        boolean batchStatistics,
        Augmentation augmentation,
        int patience,
        long seed,
        String name) {

    /** Of training from scratch: AdamW with a cosine, batches of 32, balanced grades. */
    public static final Optimisation FROM_SCRATCH = new Optimisation(
            12,
            32,
            Optimisation.Algorithm.ADAMW,
            4e-3,
            Optimisation.Schedule.COSINE,
            1,
            0.9,
            0.01,
            Optimisation.ClassWeights.BALANCED);

    public TrainingSpec {
        requireNonNull(dataset, "dataset is null");
        requireNonNull(optimisation, "optimisation is null");
        requireNonNull(augmentation, "augmentation is null");
        ArtifactName.check("name", requireNonNull(name, "name is null"));
    }

    /** The defaults. */
    public static TrainingSpec of(String dataset, @Nullable String validation, String name) {
        return new TrainingSpec(dataset, validation, FROM_SCRATCH, true, Augmentation.DEFAULT, 0, 0, name);
    }

    /** The same as fine-tuning has it, without a perturbation: any epoch may be the best. */
    FinetuneSpec asFinetuning() {
        if (dataset.equals(validation)) {
            throw new InvalidValueException(
                    "validation", validation, "another dataset than the one to train on, or none to hold out a share");
        }
        optimisation.check();
        augmentation.check();
        Stopping stopping = new Stopping(2, patience);
        stopping.check();
        return new FinetuneSpec(
                name,
                dataset,
                validation,
                FinetuneSpec.DEFAULT_VALIDATION_SHARE,
                List.of(),
                Mix.of(0, false, 1, 0),
                optimisation,
                TrainedLayers.ALL,
                batchStatistics,
                augmentation,
                Averaging.NONE,
                stopping,
                0,
                seed,
                name);
    }
}
