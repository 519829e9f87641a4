package dev.sclera.defense;

import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.model.ImageGradients;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Perturbations for tests, and jobs that are done in a moment. */
final class RepairShop {

    private RepairShop() {}

    /** Climbs a few times by the sign of the gradient over a dataset's first shard. */
    static Perturbation perturbation(Laboratory laboratory, String model, Dataset dataset, double epsilon, int images) {
        Delta delta = delta(
                laboratory.models, laboratory.models.get(model), laboratory.datasets.read(dataset, 0), epsilon, images);
        return published(laboratory, dataset, delta, epsilon, model);
    }

    static Delta delta(Models models, Model model, Images images, double epsilon, int count) {
        float[] delta = new float[images.stride()];
        int[] rows = IntStream.range(0, Math.min(count, images.count())).toArray();
        int[] labels = IntStream.of(rows).map(row -> images.grades()[row]).toArray();
        try (ImageGradients gradients =
                models.gradients(model, new Loss.CrossEntropy(), images.height(), images.width())) {
            for (int step = 0; step < 6; step++) {
                float[] slope = gradients
                        .of(new ImageGradients.Query(images, rows, labels), delta)
                        .gradient();
                for (int i = 0; i < delta.length; i++) {
                    double moved = delta[i] + epsilon / 3 * Math.signum(slope[i]);
                    delta[i] = (float) Math.max(-epsilon, Math.min(epsilon, moved));
                }
            }
        }
        return new Delta(images.height(), images.width(), delta);
    }

    static Perturbation published(Laboratory laboratory, Dataset dataset, Delta delta, double epsilon, String attack) {
        Recipe recipe = new Recipe(
                "perturbation/test", Map.of("attack", attack, "epsilon", epsilon), Map.of("dataset", dataset.id()));
        return laboratory.perturbations.publish(
                recipe.id(),
                delta,
                stored -> new Perturbation(
                        Perturbation.SCHEMA,
                        recipe.id(),
                        "climb",
                        "white-box",
                        "linf",
                        epsilon,
                        null,
                        List.of(),
                        List.of(),
                        dataset.name(),
                        delta.height(),
                        delta.width(),
                        Perturbation.Norms.of(delta),
                        stored.spectrum(),
                        0,
                        0,
                        0,
                        Perturbation.Stopped.DONE,
                        List.of(),
                        stored.key(),
                        stored.sha256(),
                        recipe,
                        Software.provenance(Instant.EPOCH, Duration.ZERO)));
    }

    static Finetuning finetuning(Laboratory laboratory) {
        return finetuning(laboratory, laboratory.artifacts);
    }

    static Finetuning finetuning(Laboratory laboratory, Artifacts artifacts) {
        return new Finetuning(
                artifacts, new Models(artifacts), laboratory.datasets, laboratory.perturbations, Duration.ZERO);
    }

    /** Eight epochs of 15 images each, ten more to validate. */
    static FinetuneSpec spec(String perturbation) {
        return new FinetuneSpec(
                "tiny-1",
                "eyes-train",
                null,
                0.4,
                List.of(perturbation),
                Mix.of(0.5, true, 0.5, 2),
                new Optimisation(
                        8,
                        6,
                        Optimisation.Algorithm.ADAMW,
                        0.1,
                        Optimisation.Schedule.COSINE,
                        0.5,
                        0.9,
                        1e-4,
                        Optimisation.ClassWeights.BALANCED),
                TrainedLayers.ALL,
                false,
                new Augmentation(true, true, 20),
                new Averaging(Averaging.Kind.EMA, 0.5, 0.5),
                new Stopping(1, 0),
                0,
                5,
                null);
    }
}
