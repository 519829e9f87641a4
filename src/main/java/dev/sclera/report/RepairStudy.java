package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign did to repair one model, for a report to weigh: names of models and ids of perturbations, all of them
 * evaluated on the reported images.
 *
 * @param model the original's name
 * @param attacks ids of the perturbations that were crafted against the original, in the report's order
 * @param repaired one per perturbation that the original was fine-tuned on
 * @param ensemble of all of them; null where there is none
 */
public record RepairStudy(
        String model,
        List<String> attacks,
        List<Repaired> repaired,
        @Nullable Combined ensemble) {

    public RepairStudy {
        requireNonNull(model, "model is null");
        attacks = List.copyOf(attacks);
        repaired = List.copyOf(repaired);
    }

    /**
     * The original, fine-tuned on one perturbation; all others it has not seen.
     *
     * @param name of the repaired model
     * @param seen id of the perturbation it was fine-tuned on
     * @param adaptive crafted anew against it
     * @param epochs its training, the first one the original
     */
    public record Repaired(String name, String seen, List<Adaptive> adaptive, List<Epoch> epochs) {

        public Repaired {
            adaptive = List.copyOf(adaptive);
            epochs = List.copyOf(epochs);
        }
    }

    /**
     * The ensemble of all repaired models, and for each perturbation the one of those that have not seen it.
     *
     * @param name of the ensemble of all
     * @param without by perturbation id, the name of the ensemble of those that were not fine-tuned on it; none where
     *     only one other is left
     * @param adaptive crafted anew against the ensemble of all
     */
    public record Combined(String name, Map<String, String> without, List<Adaptive> adaptive) {

        public Combined {
            without = new TreeMap<>(without);
            adaptive = List.copyOf(adaptive);
        }
    }

    /**
     * An attack that was made anew.
     *
     * @param before id of the attack's perturbation against the original
     * @param after id of the same attack's perturbation against the repaired model, at the same budget
     */
    public record Adaptive(String before, String after) {}

    /**
     * A line of a fine-tuning job's log: how the model did on the validation images.
     *
     * @param epoch how many epochs were done
     * @param trainingLoss null at 0
     * @param cleanQuadraticKappa on clean validation images
     * @param attackedQuadraticKappa on them under the perturbation that harms most, of those that the epoch was judged
     *     by
     * @param kept whether these are the weights that were kept
     */
    public record Epoch(
            int epoch,
            @Nullable Double trainingLoss,
            double cleanQuadraticKappa,
            double attackedQuadraticKappa,
            boolean kept) {}
}
