package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Grading;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** Makes reports and publishes them. */
@Singleton
public class Reporting {

    private final Artifacts artifacts;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Grading grading;

    @Inject
    public Reporting(Artifacts artifacts, Datasets datasets, Perturbations perturbations, Grading grading) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.grading = requireNonNull(grading, "grading is null");
    }

    /**
     * Reports evaluations, or finds them reported already.
     *
     * @param spec what the report is of
     * @param evaluations one per model on the clean dataset and under every perturbation
     */
    public Report report(ReportSpec spec, List<Evaluation> evaluations, Progress progress) {
        throw new UnsupportedOperationException(artifacts.toString() + datasets + perturbations + grading);
    }
}
