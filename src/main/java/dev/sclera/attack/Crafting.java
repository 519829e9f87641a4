package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Crafts perturbations and publishes them; the same recipe is crafted once. */
@Singleton
public class Crafting {

    private final Artifacts artifacts;
    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Grading grading;

    @Inject
    public Crafting(
            Artifacts artifacts, Models models, Datasets datasets, Perturbations perturbations, Grading grading) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.grading = requireNonNull(grading, "grading is null");
    }

    /**
     * Crafts what the specification says, or finds it crafted already. A run that was cut off goes on from its last
     * checkpoint and ends with the same perturbation.
     *
     * @throws InvalidValueException where a value of the specification is not allowed
     */
    public Perturbation craft(CraftSpec spec, Progress progress) {
        spec.check();
        Attack attack = Attacks.named(spec.attack());
        Dataset dataset = datasets.get(spec.dataset());
        if (dataset.split().equals("test") && !attack.control()) {
            throw new InvalidValueException(
                    "dataset",
                    spec.dataset(),
                    "a training split, for a perturbation that was crafted on test images says nothing about others");
        }
        Model model = attack.control() ? null : models.get(requireNonNull(spec.model(), "model is null"));
        Recipe recipe = recipe(spec, attack, dataset, model);
        Optional<Perturbation> crafted = perturbations.find(recipe.id());
        return crafted.orElseGet(() -> craft(spec, attack, dataset, model, recipe, progress));
    }

    private Perturbation craft(
            CraftSpec spec, Attack attack, Dataset dataset, @Nullable Model model, Recipe recipe, Progress progress) {
        Instant started = Instant.now();
        Attack.Problem problem = problem(spec, attack, dataset);
        Checkpoint checkpoint = new Checkpoint(artifacts.objects(), recipe.id());
        CraftingRun.Crafted crafted;
        if (model == null) {
            crafted = new CraftingRun.Crafted(attack.start(problem, null).delta(), List.of(), 0);
        } else {
            CraftingRun run = new CraftingRun(spec, attack, problem, dataset, datasets, checkpoint);
            int[] cleanGrades = cleanGrades(model, dataset, progress);
            crafted = run.run(models, model, cleanGrades, progress);
        }
        Delta delta = new Delta(dataset.height(), dataset.width(), crafted.delta());
        Perturbation published = perturbations.publish(
                recipe.id(),
                delta,
                stored -> new Perturbation(
                        Perturbation.SCHEMA,
                        recipe.id(),
                        attack.name(),
                        attack.control(),
                        spec.norm().name().toLowerCase(Locale.ROOT),
                        spec.epsilon(),
                        spec.target(),
                        model == null ? null : model.name(),
                        model == null ? null : model.id(),
                        dataset.name(),
                        dataset.height(),
                        dataset.width(),
                        stored.delta().maximumNorm(),
                        stored.delta().euclideanNorm(),
                        crafted.gradientEvaluations(),
                        crafted.curve(),
                        stored.key(),
                        stored.sha256(),
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
        checkpoint.delete();
        return published;
    }

    private int[] cleanGrades(Model model, Dataset dataset, Progress progress) {
        return grading.read(grading.grade(model, dataset, null, progress)).stream()
                .mapToInt(prediction -> prediction.grade())
                .toArray();
    }

    private static Attack.Problem problem(CraftSpec spec, Attack attack, Dataset dataset) {
        double step = spec.step() == null ? attack.defaultStep() : spec.step();
        return new Attack.Problem(
                dataset.height() * dataset.width() * 3, spec.norm(), spec.epsilon(), step, spec.seed());
    }

    private static Recipe recipe(CraftSpec spec, Attack attack, Dataset dataset, @Nullable Model model) {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("attack", attack.name());
        parameters.put("version", attack.version());
        parameters.put("norm", spec.norm().name().toLowerCase(Locale.ROOT));
        parameters.put("epsilon", spec.epsilon());
        parameters.put("seed", spec.seed());
        if (model == null) {
            // noise depends on the images' size alone
            parameters.put("height", dataset.height());
            parameters.put("width", dataset.width());
            return new Recipe("perturbation/1", parameters, Map.of());
        }
        parameters.put("passes", spec.passes());
        parameters.put("batch", spec.batch());
        parameters.put("step", problem(spec, attack, dataset).step());
        parameters.put("lossCeiling", CraftingRun.LOSS_CEILING);
        if (spec.target() != null) {
            parameters.put("target", spec.target());
        }
        return new Recipe("perturbation/1", parameters, Map.of("model", model.id(), "dataset", dataset.id()));
    }
}
