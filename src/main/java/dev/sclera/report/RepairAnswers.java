package dev.sclera.report;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Grading;
import dev.sclera.evaluation.Prediction;
import dev.sclera.evaluation.PredictionSet;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The predictions that repairs are weighed by, found among the evaluations that a report was given. */
final class RepairAnswers {

    private final Dataset dataset;
    private final List<Evaluation> evaluations;
    private final Perturbations perturbations;
    private final Grading grading;
    private final Artifacts artifacts;
    private final Map<String, Evaluation> found = new LinkedHashMap<>();
    private final Map<String, List<Prediction>> read = new TreeMap<>();

    /** @throws MissingArtifactException where an evaluation that a repair is weighed by is missing */
    RepairAnswers(
            ReportSpec spec,
            Dataset dataset,
            List<Evaluation> evaluations,
            Perturbations perturbations,
            Grading grading,
            Artifacts artifacts) {
        this.dataset = dataset;
        this.evaluations = evaluations;
        this.perturbations = perturbations;
        this.grading = grading;
        this.artifacts = artifacts;
        spec.repairs().forEach(this::require);
    }

    private void require(RepairStudy study) {
        require(study.model(), study.attacks());
        for (RepairStudy.Repaired repaired : study.repaired()) {
            require(repaired.name(), study.attacks());
            require(study.model(), repaired.name(), repaired.adaptive());
        }
        if (study.ensemble() != null) {
            require(study.ensemble().name(), study.attacks());
            require(study.model(), study.ensemble().name(), study.ensemble().adaptive());
            study.ensemble().without().forEach((perturbation, name) -> evaluation(name, perturbation));
        }
    }

    private void require(String model, List<String> attacks) {
        evaluation(model, null);
        attacks.forEach(attack -> evaluation(model, attack));
    }

    private void require(String original, String repaired, List<RepairStudy.Adaptive> attacks) {
        attacks.forEach(attack -> {
            evaluation(original, attack.before());
            evaluation(repaired, attack.after());
        });
    }

    private Evaluation evaluation(String model, @Nullable String perturbation) {
        return found.computeIfAbsent(
                model + "/" + perturbation,
                key -> evaluations.stream()
                        .filter(each -> each.model().equals(model)
                                && each.datasetId().equals(dataset.id())
                                && Objects.equals(each.perturbation(), perturbation))
                        .findFirst()
                        .orElseThrow(() -> new MissingArtifactException(
                                "evaluations",
                                "There is no evaluation of model \"%s\" on dataset \"%s\" %s, which the repair of a model is weighed by. Evaluate it, and report again."
                                        .formatted(
                                                model,
                                                dataset.name(),
                                                perturbation == null
                                                        ? "on clean images"
                                                        : "under perturbation " + perturbation))));
    }

    /** The ids of all evaluations that repairs are weighed by, in a fixed order. */
    List<String> evaluations() {
        return found.values().stream().map(Evaluation::id).toList();
    }

    /** What a model said of the images, clean where there is no perturbation. */
    List<Prediction> of(String model, @Nullable String perturbation) {
        String key = evaluation(model, perturbation).predictions();
        return read.computeIfAbsent(
                key, record -> grading.read(artifacts.get("evaluations", record, PredictionSet.class)));
    }

    /** The name of the attack that made a perturbation. */
    String attack(String perturbation) {
        return perturbations.get(perturbation).attack();
    }

    /** What a study is, for a recipe; what the evaluations say already is left out. */
    static Map<String, Object> recipe(RepairStudy study) {
        Map<String, Object> recipe = new TreeMap<>();
        recipe.put("model", study.model());
        recipe.put("attacks", study.attacks());
        List<Object> repaired = new ArrayList<>();
        for (RepairStudy.Repaired each : study.repaired()) {
            repaired.add(new TreeMap<>(
                    Map.of("name", each.name(), "seen", each.seen(), "adaptive", adaptive(each.adaptive()))));
        }
        recipe.put("repaired", repaired);
        if (study.ensemble() != null) {
            recipe.put(
                    "ensemble",
                    new TreeMap<>(Map.of(
                            "name", study.ensemble().name(),
                            "without", study.ensemble().without(),
                            "adaptive", adaptive(study.ensemble().adaptive()))));
        }
        return recipe;
    }

    private static List<String> adaptive(List<RepairStudy.Adaptive> attacks) {
        return attacks.stream().map(each -> each.before() + ">" + each.after()).toList();
    }
}
