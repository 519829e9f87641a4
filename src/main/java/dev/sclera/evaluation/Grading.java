package dev.sclera.evaluation;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has models grade datasets, shard by shard; what is graded already is not graded again. */
@Singleton
public class Grading {

    private final Artifacts artifacts;
    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;

    @Inject
    public Grading(Artifacts artifacts, Models models, Datasets datasets, Perturbations perturbations) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
    }

    /** The predictions of a model on a dataset, clean or with a perturbation added and rounded to 8 bits. */
    public PredictionSet grade(Model model, Dataset dataset, @Nullable Perturbation perturbation, Progress progress) {
        throw new UnsupportedOperationException(artifacts.toString() + models + datasets + perturbations);
    }

    /** The predictions themselves, in the dataset's order, checked against the record's digests. */
    public List<Prediction> read(PredictionSet predictions) {
        throw new UnsupportedOperationException();
    }

    /**
     * The prediction of one encoded photograph in the store (JPEG, PNG, …), brought to the model's own resolution; its
     * truth is −1.
     *
     * @param key of an object in the bucket
     */
    public Prediction gradeImage(Model model, String key) {
        throw new UnsupportedOperationException();
    }
}
