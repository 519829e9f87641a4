package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.StorageException;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.report.ReportSpec;
import dev.sclera.report.Reporting;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports on the models that there are now, evaluating before what was not evaluated yet. */
@Singleton
public class CurrentReports {

    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Evaluating evaluating;
    private final Reporting reporting;

    @Inject
    public CurrentReports(
            Models models, Datasets datasets, Perturbations perturbations, Evaluating evaluating, Reporting reporting) {
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.evaluating = requireNonNull(evaluating, "evaluating is null");
        this.reporting = requireNonNull(reporting, "reporting is null");
    }

    /**
     * A report, and what is not in it.
     *
     * @param report the report
     * @param leftOut models that are in the store and could not be reported; none where models were named
     */
    public record Current(Report report, List<LeftOut> leftOut) {

        public Current {
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * A model that could not be reported.
     *
     * @param model its name
     * @param why in words
     */
    public record LeftOut(String model, String why) {}

    /**
     * Reports, or finds it reported already: where nothing is new, nothing is done.
     *
     * <p>Of all models, one that cannot be used does not keep the others from being reported.
     *
     * @throws MissingArtifactException where something that was named is missing, or no model is left to report
     */
    public Current report(CurrentSpec spec, Progress progress) {
        Dataset dataset = datasets.get(spec.dataset());
        List<Perturbation> variants = variants(spec, dataset);
        List<LeftOut> leftOut = new ArrayList<>();
        List<String> reported = new ArrayList<>();
        List<Evaluation> evaluations = new ArrayList<>();
        for (String name : spec.allModels() ? models.names() : spec.models()) {
            try {
                evaluations.addAll(evaluations(spec, name, dataset, variants, progress));
                reported.add(name);
            } catch (StorageException e) {
                throw e;
            } catch (ProblemException e) {
                if (!spec.allModels()) {
                    throw e;
                }
                leftOut.add(new LeftOut(name, String.valueOf(e.getMessage())));
            }
        }
        if (reported.isEmpty() && spec.allModels()) {
            throw nothing(dataset, leftOut);
        }
        return new Current(report(spec, dataset, reported, variants, evaluations, progress), leftOut);
    }

    private Report report(
            CurrentSpec spec,
            Dataset dataset,
            List<String> reported,
            List<Perturbation> variants,
            List<Evaluation> evaluations,
            Progress progress) {
        boolean whole = !spec.allModels() && !spec.allPerturbations();
        List<String> ids = variants.stream()
                .map(Perturbation::id)
                .filter(id ->
                        whole || evaluations.stream().anyMatch(evaluation -> id.equals(evaluation.perturbation())))
                .toList();
        ReportSpec asked = new ReportSpec(title(spec, dataset), dataset.name(), reported, ids);
        return whole
                ? reporting.report(asked, evaluations, progress)
                : reporting.reportPresent(asked, evaluations, progress);
    }

    private List<Perturbation> variants(CurrentSpec spec, Dataset dataset) {
        return spec.allPerturbations()
                ? perturbations.ids().stream()
                        .flatMap(id -> perturbations.find(id).stream())
                        .filter(each -> each.height() == dataset.height() && each.width() == dataset.width())
                        .toList()
                : spec.perturbations().stream().map(perturbations::get).toList();
    }

    private List<Evaluation> evaluations(
            CurrentSpec spec, String name, Dataset dataset, List<Perturbation> variants, Progress progress) {
        // who looks up what is there already needs no runtime
        Model model = spec.evaluate() ? models.get(name) : models.known(name);
        List<Evaluation> found = Stream.concat(
                        Stream.<@Nullable Perturbation>of((Perturbation) null), variants.stream())
                .map(variant -> evaluation(spec, model, dataset, variant, progress))
                .filter(Objects::nonNull)
                .toList();
        if (spec.allModels() && found.stream().noneMatch(evaluation -> evaluation.perturbation() == null)) {
            throw new MissingArtifactException(
                    "models", "It was not evaluated on the clean images of \"%s\" yet.".formatted(dataset.name()));
        }
        return found;
    }

    private @Nullable Evaluation evaluation(
            CurrentSpec spec, Model model, Dataset dataset, @Nullable Perturbation variant, Progress progress) {
        return spec.evaluate()
                ? evaluating.evaluate(model, dataset, variant, progress)
                : evaluating.find(model, dataset, variant).orElse(null);
    }

    private static String title(CurrentSpec spec, Dataset dataset) {
        return spec.title() == null
                ? "Robustness of %s on %s"
                        .formatted(spec.allModels() ? "all models" : String.join(", ", spec.models()), dataset.name())
                : spec.title();
    }

    private static MissingArtifactException nothing(Dataset dataset, List<LeftOut> leftOut) {
        String why = leftOut.stream()
                .map(left -> " \"%s\": %s".formatted(left.model(), left.why()))
                .collect(Collectors.joining());
        return new MissingArtifactException(
                "models",
                "There is no model to report on \"%s\".%s"
                        .formatted(
                                dataset.name(),
                                leftOut.isEmpty()
                                        ? " Put one there with \"sclera model import FILE\", or upload it to models/<name>/model.onnx."
                                        : why));
    }
}
