package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a report, {@code reports/<id>/report.json}: every figure of the page, for machines.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param title shown on top
 * @param dataset the name of the evaluated dataset
 * @param synthetic whether its photographs are of nobody's eyes, so that the figures say nothing of people
 * @param images how many images
 * @param rows one per model and variant
 * @param repairs what repairs came to, one per repaired model; none where nothing was repaired
 * @param verdict whether the graders meet what was asked of them; null where nothing was
 * @param page key of the self-contained {@code report.html}
 * @param files keys of the tables ({@code .csv}) and figures ({@code .svg}) beside it
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Report(
        String schema,
        String id,
        String title,
        String dataset,
        boolean synthetic,
        int images,
        List<Row> rows,
        List<RepairOutcome> repairs,
        @Nullable Verdict verdict,
        String page,
        List<String> files,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/report/3";

    public Report {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        rows = List.copyOf(rows);
        repairs = List.copyOf(repairs);
        files = List.copyOf(files);
    }

    /** What a perturbation is to the evaluated model. */
    public enum Access {
        /** No perturbation. */
        CLEAN,
        /** Noise that no model was asked about. */
        CONTROL,
        /** Crafted against this very model, by its gradients on images. */
        WHITE_BOX,
        /** Crafted against this very model, by its gradients, without an image. */
        DATA_FREE,
        /** Crafted against this very model, by its answers alone. */
        BLACK_BOX,
        /** Crafted against another model. */
        TRANSFER,
        /** Crafted elsewhere, nobody says against what. */
        IMPORTED;

        /** Whether it was crafted against the evaluated model itself. */
        boolean own() {
            return this == WHITE_BOX || this == DATA_FREE || this == BLACK_BOX;
        }
    }

    /**
     * One model on one variant of the dataset.
     *
     * @param model the evaluated model's name
     * @param access what the perturbation is to it
     * @param attack the attack's name, null on clean images
     * @param source the model the perturbation was crafted against, null for clean and controls
     * @param perturbation the perturbation's id, null on clean images
     * @param norm the norm of the bound, {@code linf}, {@code l2} or {@code l1}; null on clean images
     * @param epsilon the bound; null on clean images
     * @param target the grade aimed at, null on clean images and where untargeted
     * @param accuracy 0 to 1
     * @param kappa unweighted; null where not defined
     * @param quadraticKappa with quadratic weights; null where not defined
     * @param foolingRate 0 to 1; null on clean images
     * @param targetedSuccessRate of the images that were not graded as the target when clean, the share that is now;
     *     null where there is no target
     * @param cost what it took to craft the perturbation; null on clean images, and where it was crafted elsewhere
     * @param notes why figures are missing, and other remarks
     * @param evaluation the evaluation's id
     */
    public record Row(
            String model,
            Access access,
            @Nullable String attack,
            @Nullable String source,
            @Nullable String perturbation,
            @Nullable String norm,
            @Nullable Double epsilon,
            @Nullable Integer target,
            double accuracy,
            @Nullable Double kappa,
            @Nullable Double quadraticKappa,
            @Nullable Double foolingRate,
            @Nullable Double targetedSuccessRate,
            @Nullable Cost cost,
            List<String> notes,
            String evaluation) {

        public Row {
            requireNonNull(model, "model is null");
            requireNonNull(access, "access is null");
            requireNonNull(evaluation, "evaluation is null");
            notes = List.copyOf(notes);
        }
    }

    /**
     * What it took to craft a perturbation.
     *
     * @param evaluations images through a model, forward, or forward and backward
     * @param gradientEvaluations gradients of them
     * @param seconds on the machine that crafted it
     */
    public record Cost(long evaluations, long gradientEvaluations, double seconds) {}
}
