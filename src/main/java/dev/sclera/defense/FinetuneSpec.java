package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.gradient.TrainedLayers;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Recipe;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a grader is to be repaired; with the content of its inputs it determines the repaired grader, its name aside.
 * {@link #of} has the defaults.
 *
 * @param model the name of the grader to repair
 * @param dataset the name of the dataset to train on; no test split
 * @param validation the name of the dataset to choose the best epoch by, no test split either; null to hold out a share
 *     of the training images
 * @param validationShare of each grade's training images, how many are held out where {@code validation} is null; above
 *     0 to 0.5
 * @param perturbations ids of the perturbations to train on, 1 to 64
 * @param mix how clean and perturbed images are mixed
 * @param optimisation how weights follow their gradients
 * @param layers which layers are trained
 * @param batchStatistics whether batch normalisations use the statistics of the batch, and their running ones follow;
 *     else those stay as they are
 * @param augmentation what is done to images before
 * @param averaging whether weights are averaged
 * @param stopping which epoch's weights are kept
 * @param recraftEvery after every how many epochs, and after the last, the perturbations are crafted anew against the
 *     weights as they are; these epochs are judged by them, and those that follow train on them, too. 0 to 1000, 0 for
 *     never
 * @param seed of everything random
 * @param name under which the repaired grader is kept beside the others; null for one made of the model's and the
 *     attack's names and the first digits of the job's id
 */
public record FinetuneSpec(
        String model,
        String dataset,
        @Nullable String validation,
        double validationShare,
        List<String> perturbations,
        Mix mix,
        Optimisation optimisation,
        TrainedLayers layers,
        boolean batchStatistics,
        Augmentation augmentation,
        Averaging averaging,
        Stopping stopping,
        int recraftEvery,
        long seed,
        @Nullable String name) {

    /** How many training images are held out where nobody says. */
    public static final double DEFAULT_VALIDATION_SHARE = 0.15;

    private static final int MOST_PERTURBATIONS = 64;

    public FinetuneSpec {
        requireNonNull(model, "model is null");
        requireNonNull(dataset, "dataset is null");
        requireNonNull(mix, "mix is null");
        requireNonNull(optimisation, "optimisation is null");
        requireNonNull(layers, "layers is null");
        requireNonNull(augmentation, "augmentation is null");
        requireNonNull(averaging, "averaging is null");
        requireNonNull(stopping, "stopping is null");
        perturbations = List.copyOf(requireNonNull(perturbations, "perturbations is null"));
    }

    /** All layers, and the defaults of every part; a held-out share for validation, seed 0. */
    public static FinetuneSpec of(String model, String dataset, List<String> perturbations) {
        return new FinetuneSpec(
                model,
                dataset,
                null,
                DEFAULT_VALIDATION_SHARE,
                perturbations,
                Mix.DEFAULT,
                Optimisation.DEFAULT,
                TrainedLayers.ALL,
                false,
                Augmentation.DEFAULT,
                Averaging.NONE,
                Stopping.DEFAULT,
                0,
                0,
                null);
    }

    /** The same on other perturbations. */
    FinetuneSpec on(List<String> others) {
        return new FinetuneSpec(
                model,
                dataset,
                validation,
                validationShare,
                others,
                mix,
                optimisation,
                layers,
                batchStatistics,
                augmentation,
                averaging,
                stopping,
                recraftEvery,
                seed,
                name);
    }

    /**
     * Checks every value, before any work starts.
     *
     * @throws InvalidValueException where one is not allowed
     */
    public void check() {
        if (validation == null && !(validationShare > 0 && validationShare <= 0.5)) {
            throw new InvalidValueException("validationShare", validationShare, "above 0 and at most 0.5");
        }
        if (dataset.equals(validation)) {
            throw new InvalidValueException(
                    "validation", validation, "another dataset than the one to train on, or none to hold out a share");
        }
        if (perturbations.isEmpty() || perturbations.size() > MOST_PERTURBATIONS) {
            throw new InvalidValueException(
                    "perturbations", perturbations.size() + " ids", "1 to " + MOST_PERTURBATIONS + " ids");
        }
        if (new HashSet<>(perturbations).size() < perturbations.size()) {
            throw new InvalidValueException("perturbations", perturbations, "each id once");
        }
        mix.check();
        optimisation.check();
        augmentation.check();
        averaging.check();
        stopping.check();
        Allowed.count("recraftEvery", recraftEvery, 0, 1000);
        if (Math.abs((double) seed) > Recipe.LARGEST_WHOLE) {
            throw new InvalidValueException(
                    "seed",
                    seed,
                    "a whole number from -9007199254740991 to 9007199254740991, as JSON holds it exactly");
        }
        if (name != null) {
            ArtifactName.check("name", name);
        }
    }

    /** All that is said of the training, by name, for a recipe; its inputs are not among it. */
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("mix", mix.parameters());
        parameters.put("optimisation", optimisation.parameters());
        parameters.put("layers", layers.name());
        parameters.put("batchStatistics", batchStatistics);
        parameters.put("augmentation", augmentation.parameters());
        parameters.put("averaging", averaging.parameters());
        parameters.put("stopping", stopping.parameters());
        parameters.put("recraftEvery", recraftEvery);
        parameters.put("seed", seed);
        return parameters;
    }
}
