package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.metrics.BootstrapInterval;
import dev.sclera.metrics.Equivalence;
import dev.sclera.metrics.Gains;
import dev.sclera.metrics.McNemar;
import dev.sclera.metrics.Measure;
import dev.sclera.metrics.PairedT;
import dev.sclera.metrics.Wilcoxon;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the repair of one model came to, every figure computed from the predictions of single images.
 *
 * @param model the original's name
 * @param subjects the repaired models, then the ensembles
 */
public record RepairOutcome(String model, List<Subject> subjects) {

    public RepairOutcome {
        requireNonNull(model, "model is null");
        subjects = List.copyOf(subjects);
    }

    /** What was made of the original. */
    public enum Kind {
        /** Fine-tuned on one attack. */
        SINGLE,
        /** The mean of all that were fine-tuned. */
        ENSEMBLE,
        /** For each attack, the mean of those that were not fine-tuned on it. */
        LEAVE_ONE_OUT
    }

    /**
     * A repaired model, or several that make one row.
     *
     * @param name the model's, or that of the row
     * @param kind what it is
     * @param seen the attack it was fine-tuned on; null of ensembles
     * @param cells how it and the original do under each variant of the images
     * @param unseenKappa the gains in unweighted kappa on attacks that it has not seen; of an ensemble of all, which
     *     has seen them all, null
     * @param unseenQuadraticKappa likewise in quadratic kappa
     * @param clean what became of it on clean images; null of rows of several models
     * @param adaptive the same attacks crafted anew against it
     * @param epochs of its fine-tuning; none of ensembles
     */
    public record Subject(
            String name,
            Kind kind,
            @Nullable String seen,
            List<Cell> cells,
            @Nullable Gains unseenKappa,
            @Nullable Gains unseenQuadraticKappa,
            @Nullable Clean clean,
            List<AdaptiveGain> adaptive,
            List<RepairStudy.Epoch> epochs) {

        public Subject {
            requireNonNull(name, "name is null");
            requireNonNull(kind, "kind is null");
            cells = List.copyOf(cells);
            adaptive = List.copyOf(adaptive);
            epochs = List.copyOf(epochs);
        }

        /** The lowest quadratic kappa under an attack that was crafted anew against it; null where there is none. */
        @Nullable
        Double worstAdaptive() {
            return adaptive.stream()
                    .map(each -> each.after().quadraticKappa().value())
                    .filter(value -> value != null)
                    .min(Double::compare)
                    .orElse(null);
        }
    }

    /**
     * Both kappas.
     *
     * @param kappa unweighted
     * @param quadraticKappa with quadratic weights
     */
    public record Kappas(Measure kappa, Measure quadraticKappa) {}

    /**
     * One variant of the images.
     *
     * @param variant the attack's name, or {@code clean}
     * @param perturbation the perturbation's id; null on clean images
     * @param model which model was evaluated
     * @param seen whether it was fine-tuned on this perturbation
     * @param before the original's kappas
     * @param after the repaired model's
     */
    public record Cell(
            String variant, @Nullable String perturbation, String model, boolean seen, Kappas before, Kappas after) {}

    /**
     * What became of a model on clean images: after minus before, and tests of whether anything did.
     *
     * @param before the original's kappas
     * @param after the repaired model's
     * @param kappaChange with its interval over images
     * @param quadraticKappaChange likewise
     * @param kappaTest the t-test over images of the difference in unweighted kappa
     * @param test the same in quadratic kappa
     * @param corrected the p of {@code test} after Holm's correction over all repaired models of the report
     * @param equivalence whether the quadratic kappas are shown to differ by less than a margin
     * @param lossTest the t-test of the cross-entropies of single images
     * @param lossRanks Wilcoxon's test of the same
     * @param accuracy McNemar's test of which images are graded right
     * @param grades how many grades are given at all; null in reports from before it was asked
     */
    public record Clean(
            Kappas before,
            Kappas after,
            BootstrapInterval kappaChange,
            BootstrapInterval quadraticKappaChange,
            PairedT kappaTest,
            PairedT test,
            Measure corrected,
            Equivalence equivalence,
            PairedT lossTest,
            Wilcoxon lossRanks,
            McNemar accuracy,
            @Nullable GradesGiven grades) {

        Clean corrected(Measure p) {
            return new Clean(
                    before,
                    after,
                    kappaChange,
                    quadraticKappaChange,
                    kappaTest,
                    test,
                    p,
                    equivalence,
                    lossTest,
                    lossRanks,
                    accuracy,
                    grades);
        }
    }

    /**
     * How many different grades are given to clean images. A repair can withstand everything by telling healthy eyes
     * from diseased ones and no more, which kappa alone hardly shows.
     *
     * @param before by the original
     * @param after by the repaired model
     */
    public record GradesGiven(int before, int after) {}

    /**
     * One attack made anew against the repaired model, against the same attack on the original.
     *
     * @param attack its name
     * @param perturbation id of the new perturbation
     * @param before the original's kappas under the attack on it
     * @param after the repaired model's under the attack on it
     * @param kappaGain after minus before, with its interval over images
     * @param quadraticKappaGain likewise
     */
    public record AdaptiveGain(
            String attack,
            String perturbation,
            Kappas before,
            Kappas after,
            BootstrapInterval kappaGain,
            BootstrapInterval quadraticKappaGain) {}
}
