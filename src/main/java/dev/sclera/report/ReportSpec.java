package dev.sclera.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to report: every model on the clean dataset and under every perturbation. The evaluations must be there.
 *
 * @param title shown on top
 * @param dataset the name of the evaluated dataset
 * @param models the models' names, in the report's order
 * @param perturbations the perturbations' ids, in the report's order
 * @param repairs what was done to repair the models; none where nothing was
 * @param thresholds what is asked of them; null for no verdict
 */
public record ReportSpec(
        String title,
        String dataset,
        List<String> models,
        List<String> perturbations,
        List<RepairStudy> repairs,
        @Nullable Thresholds thresholds) {

    public ReportSpec {
        models = List.copyOf(models);
        perturbations = List.copyOf(perturbations);
        repairs = List.copyOf(repairs);
    }

    /** A report of models as they are, without a verdict. */
    public ReportSpec(String title, String dataset, List<String> models, List<String> perturbations) {
        this(title, dataset, models, perturbations, List.of(), null);
    }
}
