package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Prediction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a report shows, in memory: what is rendered is a function of this alone.
 *
 * @param id the report's id
 * @param title shown on top
 * @param dataset the evaluated dataset
 * @param findings one per model and variant, in the report's order
 * @param perturbations in the report's order
 * @param strips at most one per model, in the report's order
 * @param repairs what repairs came to, one per repaired model
 * @param verdict whether the graders meet what was asked; null where nothing was
 */
record ReportContent(
        String id,
        String title,
        Dataset dataset,
        List<Finding> findings,
        List<Crafted> perturbations,
        List<Strip> strips,
        List<RepairOutcome> repairs,
        @Nullable Verdict verdict) {

    ReportContent {
        requireNonNull(id, "id is null");
        requireNonNull(title, "title is null");
        requireNonNull(dataset, "dataset is null");
        findings = List.copyOf(findings);
        perturbations = List.copyOf(perturbations);
        strips = List.copyOf(strips);
        repairs = List.copyOf(repairs);
    }

    /** Without repairs and without a verdict. */
    ReportContent(
            String id,
            String title,
            Dataset dataset,
            List<Finding> findings,
            List<Crafted> perturbations,
            List<Strip> strips) {
        this(id, title, dataset, findings, perturbations, strips, List.of(), null);
    }

    /** The same with what repairs came to, and the verdict. */
    ReportContent with(List<RepairOutcome> outcomes, @Nullable Verdict judged) {
        return new ReportContent(id, title, dataset, findings, perturbations, strips, outcomes, judged);
    }

    /** The figures, one row per finding. */
    List<Report.Row> rows() {
        return findings.stream().map(Finding::row).toList();
    }

    /** A perturbation's record and its pixels. */
    record Crafted(Perturbation record, Delta delta) {}

    /**
     * Photographs as one model sees them, clean and perturbed.
     *
     * @param row the figures of the perturbation that was added
     * @param clean the photographs
     * @param attacked the same ones, perturbed
     * @param before what the model says of the clean ones
     * @param after what it says of the perturbed ones
     */
    record Strip(Report.Row row, Images clean, Images attacked, List<Prediction> before, List<Prediction> after) {

        Strip {
            before = List.copyOf(before);
            after = List.copyOf(after);
            if (clean.count() != attacked.count() || clean.count() != before.size() || clean.count() != after.size()) {
                throw new IllegalArgumentException(
                        "%d clean and %d attacked photographs do not fit %d and %d predictions"
                                .formatted(clean.count(), attacked.count(), before.size(), after.size()));
            }
        }
    }
}
