package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Crafting;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.PerturbedDatasets;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.report.ReportSpec;
import dev.sclera.report.Reporting;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs campaigns: craft, perturb, evaluate, report; only what is not there yet. */
@Singleton
public class Campaigns {

    private final Artifacts artifacts;
    private final Models models;
    private final Datasets datasets;
    private final Crafting crafting;
    private final PerturbedDatasets perturbedDatasets;
    private final Evaluating evaluating;
    private final Reporting reporting;

    @Inject
    public Campaigns(
            Artifacts artifacts,
            Models models,
            Datasets datasets,
            Crafting crafting,
            PerturbedDatasets perturbedDatasets,
            Evaluating evaluating,
            Reporting reporting) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.crafting = requireNonNull(crafting, "crafting is null");
        this.perturbedDatasets = requireNonNull(perturbedDatasets, "perturbedDatasets is null");
        this.evaluating = requireNonNull(evaluating, "evaluating is null");
        this.reporting = requireNonNull(reporting, "reporting is null");
    }

    /**
     * Runs a campaign, or finds it finished. Every step publishes what it made, so a campaign that was cut off goes on
     * with what is missing.
     *
     * @throws InvalidValueException where a value of the specification is not allowed; nothing is done then
     */
    public Campaign run(CampaignSpec spec, Progress progress) {
        List<CraftSpec> crafts = spec.crafts();
        Dataset train = datasets.get(spec.train());
        Dataset test = datasets.get(spec.test());
        if (train.id().equals(test.id()) || datasets.shareAnImage(train, test)) {
            throw new InvalidValueException(
                    "test",
                    spec.test(),
                    "a dataset without any image of \"%s\", on which the perturbations are crafted"
                            .formatted(spec.train()));
        }
        if (train.height() != test.height() || train.width() != test.width()) {
            throw new InvalidValueException(
                    "test",
                    "%s (%d×%d)".formatted(spec.test(), test.height(), test.width()),
                    "a dataset of the same canonical size as \"%s\" (%d×%d)"
                            .formatted(spec.train(), train.height(), train.width()));
        }
        List<Model> graders = spec.models().stream().map(models::get).toList();
        Recipe recipe = recipe(spec, train, test, graders);
        String key = Keys.campaignFile(recipe.id(), "campaign.json");
        Optional<Campaign> finished = artifacts.find(key, Campaign.class);
        return finished.orElseGet(() -> run(spec, crafts, test, graders, recipe, key, progress));
    }

    private Campaign run(
            CampaignSpec spec,
            List<CraftSpec> crafts,
            Dataset test,
            List<Model> graders,
            Recipe recipe,
            String key,
            Progress progress) {
        Instant started = Instant.now();
        List<Perturbation> perturbations = new ArrayList<>();
        for (CraftSpec craft : crafts) {
            perturbations.add(crafting.craft(craft, progress));
        }
        List<String> perturbed = new ArrayList<>();
        for (Perturbation perturbation : perturbations) {
            perturbedDatasets.generate(test, perturbation, progress);
            perturbed.add(Keys.perturbed(test.versionedName(), perturbation.id()));
        }
        List<Evaluation> evaluations = new ArrayList<>();
        for (Model model : graders) {
            evaluations.add(evaluating.evaluate(model, test, null, progress));
            for (Perturbation perturbation : perturbations) {
                evaluations.add(evaluating.evaluate(model, test, perturbation, progress));
            }
        }
        Report report = reporting.report(
                new ReportSpec(
                        title(spec, test),
                        test.name(),
                        spec.models(),
                        perturbations.stream().map(Perturbation::id).toList()),
                evaluations,
                progress);
        return artifacts.publish(
                key,
                new Campaign(
                        Campaign.SCHEMA,
                        recipe.id(),
                        spec,
                        perturbations.stream().map(Perturbation::id).toList(),
                        perturbed,
                        evaluations.stream().map(Evaluation::id).toList(),
                        report.id(),
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    private static String title(CampaignSpec spec, Dataset test) {
        return "Robustness of %s on %s".formatted(String.join(", ", spec.models()), test.name());
    }

    private static Recipe recipe(CampaignSpec spec, Dataset train, Dataset test, List<Model> graders) {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("attacks", spec.attacks());
        parameters.put("settings", spec.settings().parameters());
        parameters.put("models", spec.models());
        Map<String, String> inputs = new TreeMap<>(Map.of("train", train.id(), "test", test.id()));
        for (int i = 0; i < graders.size(); i++) {
            inputs.put("model%d".formatted(i), graders.get(i).id());
        }
        return new Recipe("campaign/2", parameters, inputs);
    }
}
