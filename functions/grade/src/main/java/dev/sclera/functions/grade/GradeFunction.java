package dev.sclera.functions.grade;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Grading;
import dev.sclera.evaluation.Prediction;
import dev.sclera.evaluation.PredictionSet;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Has a model grade a dataset or a photograph. */
@Singleton
public class GradeFunction {

    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Grading grading;
    private final Progress progress;

    public GradeFunction(
            Models models, Datasets datasets, Perturbations perturbations, Grading grading, Progress progress) {
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.grading = requireNonNull(grading, "grading is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /**
     * Grades.
     *
     * @throws InvalidValueException where the request names both or neither of a dataset and an image
     */
    @Funq("grade")
    @Measured("grade")
    public GradeResult grade(@Nullable GradeRequest request) {
        GradeRequest asked = StrictRecord.require(request);
        if ((asked.dataset() == null) == (asked.image() == null)) {
            throw new InvalidValueException(
                    "dataset",
                    asked.dataset() == null ? "none" : asked.dataset(),
                    "either a dataset, or \"image\", the key of one photograph");
        }
        Model model = models.get(ArtifactName.of("model", "models", asked.model()));
        return asked.image() == null ? dataset(model, asked) : image(model, asked.image(), asked.perturbation());
    }

    private GradeResult dataset(Model model, GradeRequest asked) {
        Dataset dataset = datasets.get(ArtifactName.of("dataset", "datasets", asked.dataset()));
        Perturbation perturbation = asked.perturbation() == null
                ? null
                : perturbations.get(ArtifactName.of("perturbation", "perturbations", asked.perturbation()));
        PredictionSet graded = grading.grade(model, dataset, perturbation, progress);
        int[] counts = new int[dataset.grades()];
        grading.read(graded).forEach(prediction -> counts[prediction.grade()]++);
        return new GradeResult(
                model.name(),
                grading.key(model, dataset, perturbation),
                graded.images(),
                Arrays.stream(counts).boxed().toList(),
                null,
                null,
                null);
    }

    private GradeResult image(Model model, String key, @Nullable String perturbation) {
        if (perturbation != null) {
            throw new InvalidValueException(
                    "perturbation", perturbation, "none with \"image\": δ has the size of a dataset's images");
        }
        Prediction prediction = grading.gradeImage(model, key);
        int[] counts = new int[model.descriptor().grades()];
        counts[prediction.grade()]++;
        return new GradeResult(
                model.name(),
                null,
                1,
                Arrays.stream(counts).boxed().toList(),
                key,
                prediction.grade(),
                prediction.probabilities());
    }
}
