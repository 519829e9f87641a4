package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Grading;
import dev.sclera.evaluation.Prediction;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
        boolean control = attack.access() == Access.CONTROL;
        if (dataset.split().equals("test") && !control) {
            throw new InvalidValueException(
                    "dataset",
                    spec.dataset(),
                    "a training split, for a perturbation that was crafted on test images says nothing about others");
        }
        List<Model> members =
                control ? List.of() : spec.models().stream().map(models::get).toList();
        Problem problem = problem(spec, attack, dataset, members.size());
        Recipe recipe = recipe(spec, attack, problem, dataset, members);
        Optional<Perturbation> crafted = perturbations.find(recipe.id());
        return crafted.orElseGet(() -> craft(spec, attack, problem, dataset, members, recipe, progress));
    }

    /**
     * How many evaluations a specification may take: images through one model, forward, or forward and backward.
     *
     * @param images how many crafting images there are
     * @throws InvalidValueException where there is no such attack
     */
    public long evaluations(CraftSpec spec, int images) {
        return allowance(
                spec, Attacks.named(spec.attack()), images, spec.models().size());
    }

    private static long allowance(CraftSpec spec, Attack attack, int images, int members) {
        CraftSettings settings = spec.settings();
        int passes = settings.passes() == null ? attack.defaultPasses() : settings.passes();
        return settings.budget() == null ? (long) passes * images * Math.max(1, members) : settings.budget();
    }

    private Perturbation craft(
            CraftSpec spec,
            Attack attack,
            Problem problem,
            Dataset dataset,
            List<Model> members,
            Recipe recipe,
            Progress progress) {
        Instant started = Instant.now();
        CraftSettings settings = spec.settings();
        Checkpoint checkpoint = new Checkpoint(artifacts.objects(), recipe.id());
        CraftingImages images = images(attack, problem, dataset, members, progress);
        Augmentation augmentation =
                Augmentations.of(settings.augment(), problem.height(), problem.width(), problem.seed());
        CraftingRun.Crafted crafted;
        try (Oracle oracle = new Oracle(models, members, images, augmentation, problem.allowance())) {
            crafted = new CraftingRun(
                            task(attack, members),
                            attack,
                            problem,
                            images,
                            oracle,
                            checkpoint,
                            settings.stopAt(),
                            settings.seconds())
                    .run(progress);
        }
        Delta delta = new Delta(dataset.height(), dataset.width(), crafted.delta());
        Perturbation published = perturbations.publish(
                recipe.id(),
                delta,
                stored -> new Perturbation(
                        Perturbation.SCHEMA,
                        recipe.id(),
                        attack.name(),
                        attack.access().word(),
                        settings.norm().name().toLowerCase(Locale.ROOT),
                        settings.epsilon(),
                        settings.target(),
                        members.stream().map(Model::name).toList(),
                        members.stream().map(Model::id).toList(),
                        dataset.name(),
                        dataset.height(),
                        dataset.width(),
                        Perturbation.Norms.of(stored.delta()),
                        stored.spectrum(),
                        crafted.evaluations(),
                        crafted.gradientEvaluations(),
                        crafted.seconds(),
                        crafted.stopped(),
                        crafted.curve(),
                        stored.key(),
                        stored.sha256(),
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
        checkpoint.delete();
        return published;
    }

    private static String task(Attack attack, List<Model> members) {
        return members.isEmpty()
                ? "drawing " + attack.name()
                : "crafting %s against %s"
                        .formatted(
                                attack.name(), members.stream().map(Model::name).collect(Collectors.joining(" + ")));
    }

    private CraftingImages images(
            Attack attack, Problem problem, Dataset dataset, List<Model> members, Progress progress) {
        List<List<Prediction>> clean = new ArrayList<>();
        if (attack.access().looksAtImages()) {
            for (Model model : members) {
                clean.add(grading.read(grading.grade(model, dataset, null, progress)));
            }
        }
        return new CraftingImages(dataset, datasets, clean, problem.batch(), problem.seed());
    }

    private static Problem problem(CraftSpec spec, Attack attack, Dataset dataset, int members) {
        CraftSettings settings = spec.settings();
        return new Problem(
                dataset.height(),
                dataset.width(),
                settings.norm(),
                settings.epsilon(),
                settings.target(),
                settings.batch() == null ? attack.defaultBatch() : settings.batch(),
                settings.step() == null ? attack.defaultStep() : settings.step(),
                allowance(spec, attack, dataset.images(), members),
                attack.options().with(attack.name(), settings.options()),
                settings.seed());
    }

    private static Recipe recipe(CraftSpec spec, Attack attack, Problem problem, Dataset dataset, List<Model> members) {
        // with the attack's defaults filled in, for a later version may have others
        Map<String, Object> parameters = spec.settings().parameters();
        parameters.remove("passes");
        parameters.put("attack", attack.name());
        parameters.put("version", attack.version());
        parameters.put("options", problem.options().values());
        if (members.isEmpty()) {
            parameters.keySet().retainAll(List.of("attack", "version", "norm", "epsilon", "seed", "options"));
            // noise depends on the images' size alone
            parameters.put("height", dataset.height());
            parameters.put("width", dataset.width());
            return new Recipe("perturbation/2", parameters, Map.of());
        }
        if (spec.settings().stopAt() != null && attack.batchesSpeakForAll()) {
            // runs that stopped by their passes alone had no such word; those without a stop keep their recipes
            parameters.put("stopRule", "look");
        }
        parameters.put("budget", problem.allowance());
        parameters.put("batch", problem.batch());
        parameters.put("step", problem.step());
        Map<String, String> inputs = new TreeMap<>(Map.of("dataset", dataset.id()));
        for (int i = 0; i < members.size(); i++) {
            inputs.put(
                    members.size() == 1 ? "model" : "model%d".formatted(i),
                    members.get(i).id());
        }
        return new Recipe("perturbation/2", parameters, inputs);
    }
}
