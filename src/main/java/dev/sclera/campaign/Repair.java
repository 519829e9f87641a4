package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Augmentation;
import dev.sclera.defense.Averaging;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.Mix;
import dev.sclera.defense.Optimisation;
import dev.sclera.defense.Stopping;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.problem.InvalidValueException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a campaign repairs its models, and how it tries the repaired ones. Each model is fine-tuned on each attack's
 * perturbation alone, so that the others are unseen.
 *
 * @param validation the name of the dataset by which the best epoch is chosen; null to hold out a share of the training
 *     images
 * @param mix how clean and perturbed images are mixed
 * @param optimisation how weights follow their gradients
 * @param layers which layers are trained
 * @param batchStatistics whether batch normalisations use the statistics of the batch
 * @param augmentation what is done to images before
 * @param averaging whether weights are averaged
 * @param stopping which epoch's weights are kept
 * @param recraftEvery after every how many epochs, and after the last, the perturbation is crafted anew, to judge these
 *     and to train those that follow; 0 for never
 * @param seed of everything random in the training
 * @param ensemble whether the repaired models of one original are put together, all of them, and for each attack those
 *     that have not seen it
 * @param adaptive the attacks that are crafted anew against every repaired model; of the campaign's own, for the same
 *     attack on the original is what they are compared with. None for none
 */
public record Repair(
        @Nullable String validation,
        Mix mix,
        Optimisation optimisation,
        TrainedLayers layers,
        boolean batchStatistics,
        Augmentation augmentation,
        Averaging averaging,
        Stopping stopping,
        int recraftEvery,
        long seed,
        boolean ensemble,
        List<String> adaptive) {

    public Repair {
        requireNonNull(mix, "mix is null");
        adaptive = List.copyOf(adaptive);
    }

    /**
     * The defaults, and the attacks that are crafted anew. Each attack's perturbation pursues the grader in long steps,
     * as one that knows fixed perturbations alone falls to the next; and it is crafted anew after each epoch, so that
     * what an epoch is judged by is an attack. Averaged weights, and half the rate that a repair alone would bear, lose
     * less on clean images. Shorter, or with more of the images perturbed, repairs lost rare grades.
     */
    public static Repair of(List<String> adaptive) {
        return new Repair(
                null,
                Mix.of(0.5, false, 1, 0).pursuing(0.25),
                Optimisation.DEFAULT.during(12, 5e-4),
                TrainedLayers.ALL,
                false,
                Augmentation.DEFAULT,
                new Averaging(Averaging.Kind.EMA, 0.99, 0.5),
                new Stopping(0.1, 0),
                1,
                0,
                true,
                adaptive);
    }

    /** How often a job crafts its perturbation anew. */
    int recraftings() {
        return recraftEvery == 0 ? 0 : (optimisation.epochs() + recraftEvery - 1) / recraftEvery;
    }

    /** The job that fine-tunes a model on one perturbation. */
    FinetuneSpec job(String model, String train, String perturbation, @Nullable String name) {
        return new FinetuneSpec(
                model,
                train,
                validation,
                FinetuneSpec.DEFAULT_VALIDATION_SHARE,
                List.of(perturbation),
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

    /** @throws InvalidValueException where a value is not allowed */
    void check(CampaignSpec spec) {
        if (spec.crafted().isEmpty()) {
            throw new InvalidValueException(
                    "attacks",
                    String.join(",", spec.attacks()),
                    "at least one that is crafted against a model, for a repair has to have something to repair");
        }
        if (new HashSet<>(adaptive).size() < adaptive.size() || !new HashSet<>(spec.crafted()).containsAll(adaptive)) {
            throw new InvalidValueException(
                    "repair.adaptive",
                    String.join(",", adaptive),
                    "some of the campaign's own attacks, each once: " + String.join(", ", spec.crafted()));
        }
        job(spec.models().get(0), spec.train(), "0", null).check();
    }

    /** By name, for a recipe. */
    Map<String, Object> parameters() {
        FinetuneSpec job = job("", "", "0", null);
        Map<String, Object> parameters = new TreeMap<>(job.parameters());
        parameters.put("ensemble", ensemble);
        parameters.put("adaptive", adaptive);
        return parameters;
    }
}
