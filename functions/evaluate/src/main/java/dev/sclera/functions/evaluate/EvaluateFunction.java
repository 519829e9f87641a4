package dev.sclera.functions.evaluate;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Measures how a model grades a dataset, clean or perturbed. */
@Singleton
public class EvaluateFunction {

    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Evaluating evaluating;
    private final Progress progress;

    public EvaluateFunction(
            Models models, Datasets datasets, Perturbations perturbations, Evaluating evaluating, Progress progress) {
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.evaluating = requireNonNull(evaluating, "evaluating is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Evaluates. */
    @Funq("evaluate")
    @Measured("evaluate")
    public EvaluateResult evaluate(@Nullable EvaluateRequest request) {
        EvaluateRequest asked = StrictRecord.require(request);
        Model model = models.get(ArtifactName.of("model", "models", asked.model()));
        Dataset dataset = datasets.get(ArtifactName.of("dataset", "datasets", asked.dataset()));
        Perturbation perturbation = asked.perturbation() == null
                ? null
                : perturbations.get(ArtifactName.of("perturbation", "perturbations", asked.perturbation()));
        return EvaluateResult.of(evaluating.evaluate(model, dataset, perturbation, progress));
    }
}
