package dev.sclera.evaluation;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.metrics.FoolingRate;
import dev.sclera.metrics.Measure;
import dev.sclera.model.Model;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Computes and publishes evaluations; grades what is not graded yet. */
@Singleton
public class Evaluating {

    private final Artifacts artifacts;
    private final Grading grading;

    @Inject
    public Evaluating(Artifacts artifacts, Grading grading) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.grading = requireNonNull(grading, "grading is null");
    }

    /** The evaluation of a model on a dataset, clean or perturbed. */
    public Evaluation evaluate(Model model, Dataset dataset, @Nullable Perturbation perturbation, Progress progress) {
        return find(model, dataset, perturbation)
                .orElseGet(
                        () -> evaluate(model, dataset, perturbation, recipe(model, dataset, perturbation), progress));
    }

    /**
     * The evaluation of a model on a dataset, clean or perturbed, where there is one. A copy of a model under another
     * name has the same evaluations; what is found bears the name that was asked for.
     */
    public Optional<Evaluation> find(Model model, Dataset dataset, @Nullable Perturbation perturbation) {
        return artifacts
                .find(Keys.evaluation(recipe(model, dataset, perturbation).id()), Evaluation.class)
                .map(found -> found.named(model.name()));
    }

    private Evaluation evaluate(
            Model model, Dataset dataset, @Nullable Perturbation perturbation, Recipe recipe, Progress progress) {
        Instant started = Instant.now();
        PredictionSet graded = grading.grade(model, dataset, perturbation, progress);
        List<Prediction> predictions = grading.read(graded);
        int[] truth = predictions.stream().mapToInt(Prediction::truth).toArray();
        int[] grades = grades(predictions);
        ConfusionMatrix confusion = ConfusionMatrix.of(truth, grades, dataset.grades());
        Notes notes = new Notes();
        Double foolingRate = null;
        Double targetedSuccessRate = null;
        if (perturbation != null) {
            int[] cleanGrades = grades(grading.read(grading.grade(model, dataset, null, progress)));
            ConfusionMatrix changes = FoolingRate.changes(cleanGrades, grades, dataset.grades());
            foolingRate = notes.value("fooling rate", FoolingRate.of(changes));
            if (perturbation.target() != null) {
                targetedSuccessRate =
                        notes.value("targeted success rate", FoolingRate.towards(perturbation.target(), changes));
            }
        }
        return artifacts.publish(
                Keys.evaluation(recipe.id()),
                new Evaluation(
                        Evaluation.SCHEMA,
                        recipe.id(),
                        model.name(),
                        model.id(),
                        dataset.name(),
                        dataset.id(),
                        perturbation == null ? null : perturbation.id(),
                        predictions.size(),
                        confusion.accuracy().orElseThrow(),
                        notes.value("kappa", CohenKappa.UNWEIGHTED.of(confusion)),
                        notes.value("quadratic kappa", CohenKappa.QUADRATIC.of(confusion)),
                        foolingRate,
                        targetedSuccessRate,
                        Arrays.stream(confusion.counts())
                                .map(row -> Arrays.stream(row).boxed().toList())
                                .toList(),
                        notes.lines,
                        grading.key(model, dataset, perturbation),
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    private static int[] grades(List<Prediction> predictions) {
        return predictions.stream().mapToInt(Prediction::grade).toArray();
    }

    private static Recipe recipe(Model model, Dataset dataset, @Nullable Perturbation perturbation) {
        Map<String, String> inputs = new TreeMap<>(Map.of("model", model.id(), "dataset", dataset.id()));
        if (perturbation != null) {
            inputs.put("perturbation", perturbation.id());
        }
        return new Recipe("evaluation/1", Map.of("bits", 8), inputs);
    }

    /** Collects why figures are missing. */
    private static final class Notes {

        private final List<String> lines = new ArrayList<>();

        @Nullable
        Double value(String figure, Measure measure) {
            measure.whyUndefined().ifPresent(reason -> lines.add(figure + ": " + reason));
            return measure.value();
        }
    }
}
