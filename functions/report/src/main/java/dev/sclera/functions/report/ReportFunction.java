package dev.sclera.functions.report;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.report.ReportSpec;
import dev.sclera.report.Reporting;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Keys;
import dev.sclera.store.StrictRecord;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports evaluations as one page, tables and figures. */
@Singleton
public class ReportFunction {

    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Evaluating evaluating;
    private final Reporting reporting;
    private final Progress progress;

    public ReportFunction(
            Models models,
            Datasets datasets,
            Perturbations perturbations,
            Evaluating evaluating,
            Reporting reporting,
            Progress progress) {
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.evaluating = requireNonNull(evaluating, "evaluating is null");
        this.reporting = requireNonNull(reporting, "reporting is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Reports. */
    @Funq("report")
    public ReportResult report(@Nullable ReportRequest request) {
        ReportRequest asked = StrictRecord.require(request);
        Dataset dataset = datasets.get(ArtifactName.of("dataset", "datasets", asked.dataset()));
        List<String> names = requireNonNullElse(asked.models(), List.<String>of()).stream()
                .map(model -> ArtifactName.of("models", "models", model))
                .toList();
        List<Perturbation> crafted = requireNonNullElse(asked.perturbations(), List.<String>of()).stream()
                .map(said -> perturbations.get(ArtifactName.of("perturbations", "perturbations", said)))
                .toList();
        String title = asked.title() == null
                ? "Robustness of %s on %s".formatted(String.join(", ", names), dataset.name())
                : asked.title();
        ReportSpec spec = new ReportSpec(
                title,
                dataset.name(),
                names,
                crafted.stream().map(Perturbation::id).toList());
        Report report = reporting.report(spec, evaluations(dataset, names, crafted), progress);
        return new ReportResult(report.id(), Keys.report(report.id()), report.page(), report.files());
    }

    /** Those that are there; what is missing, the report itself says. */
    private List<Evaluation> evaluations(Dataset dataset, List<String> names, List<Perturbation> crafted) {
        List<Evaluation> found = new ArrayList<>();
        for (String name : names) {
            Model model = models.known(name);
            evaluating.find(model, dataset, null).ifPresent(found::add);
            crafted.forEach(perturbation ->
                    evaluating.find(model, dataset, perturbation).ifPresent(found::add));
        }
        return found;
    }
}
