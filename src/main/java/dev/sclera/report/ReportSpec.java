package dev.sclera.report;

import java.util.List;

/**
 * What to report: every model on the clean dataset and under every perturbation. The evaluations must be there.
 *
 * @param title shown on top
 * @param dataset the name of the evaluated dataset
 * @param models the models' names, in the report's order
 * @param perturbations the perturbations' ids, in the report's order
 */
public record ReportSpec(String title, String dataset, List<String> models, List<String> perturbations) {

    public ReportSpec {
        models = List.copyOf(models);
        perturbations = List.copyOf(perturbations);
    }
}
