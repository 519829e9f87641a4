package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.attack.Attacks;
import dev.sclera.campaign.StepResult.Made;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.model.Model;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.NumberedProgress;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs campaigns: craft, perturb, evaluate, report; only what is not there yet. */
@Singleton
public class Campaigns {

    private static final Logger LOG = LoggerFactory.getLogger(Campaigns.class);

    private final Artifacts artifacts;
    private final Datasets datasets;
    private final Workbench bench;
    private final Reporting reporting;

    @Inject
    public Campaigns(Artifacts artifacts, Datasets datasets, Workbench bench, Reporting reporting) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.bench = requireNonNull(bench, "bench is null");
        this.reporting = requireNonNull(reporting, "reporting is null");
    }

    /**
     * Runs a campaign, or finds it finished. Every step publishes what it made, so a campaign that was cut off goes on
     * with what is missing.
     *
     * @throws InvalidValueException where a value of the specification is not allowed; nothing is done then
     */
    public Campaign run(CampaignSpec spec, Progress progress) {
        return run(spec, null, progress).orElseThrow();
    }

    /**
     * Runs a campaign as far as there is time, or finds it finished.
     *
     * @param until after this no further step is begun, though one that was begun is ended; null for no such time
     * @param progress may also end a step that was begun, as {@link dev.sclera.progress.InterruptibleProgress} does
     * @return empty where there was no time for all of it; run again, it goes on
     */
    public Optional<Campaign> run(CampaignSpec spec, @Nullable Instant until, Progress progress) {
        Question question = question(spec);
        Optional<Campaign> finished = artifacts.find(question.key(), Campaign.class);
        try {
            return finished.isPresent() ? finished : run(spec, question, until, progress);
        } catch (WorkInterruptedException e) {
            LOG.info("{}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The id that a campaign has, done or not.
     *
     * @throws InvalidValueException as {@link #run} would
     */
    public String id(CampaignSpec spec) {
        return question(spec).recipe().id();
    }

    /**
     * What a campaign would do, and about how long it would take here; nothing of it is done.
     *
     * @throws InvalidValueException as {@link #run} would
     */
    public Plan plan(CampaignSpec spec) {
        Question question = question(spec);
        List<Step> steps = new CampaignSteps(spec, question.train(), question.test(), bench, false).all();
        Speeds speeds = new Speeds(bench.models(), question.graders(), question.train());
        return plan(question.recipe().id(), artifacts.objects().exists(question.key()), steps, speeds);
    }

    /**
     * What a campaign of a given size would do; neither its models nor its datasets need to be there.
     *
     * @throws InvalidValueException where a value of the specification is not allowed
     */
    public Plan outline(CampaignSpec spec, Scale scale) {
        List<Step> steps = new CampaignSteps(
                        spec,
                        Scale.dataset(spec.train(), scale.trainImages()),
                        Scale.dataset(spec.test(), scale.testImages()),
                        bench,
                        false)
                .all();
        return plan("", false, steps, new Speeds(spec.models(), scale.secondsPerImage()));
    }

    /**
     * How long models take to grade an image on this machine, on average and from a short trial.
     *
     * @param models their names, at least one
     * @param dataset the name of a dataset of the images' size
     */
    public double secondsPerImage(List<String> models, String dataset) {
        return new Speeds(
                        bench.models(), models.stream().map(bench.models()::get).toList(), datasets.get(dataset))
                .mean();
    }

    private static Plan plan(String id, boolean finished, List<Step> steps, Speeds speeds) {
        List<Plan.Item> items = steps.stream()
                .map(step -> new Plan.Item(
                        step.stage(),
                        step.what(),
                        step.graded(),
                        step.gradients(),
                        step.trained(),
                        speeds.seconds(step)))
                .toList();
        return new Plan(
                id,
                finished,
                items,
                items.stream().mapToDouble(Plan.Item::seconds).sum());
    }

    /** A specification whose inputs are there and fit each other. */
    record Question(Dataset train, Dataset test, List<Model> graders, Recipe recipe) {

        String key() {
            return Keys.campaignFile(recipe.id(), "campaign.json");
        }
    }

    /**
     * A specification with its inputs, which are seen to fit each other.
     *
     * @throws InvalidValueException where they do not
     */
    Question question(CampaignSpec spec) {
        spec.crafts();
        Question question = inputs(spec);
        Dataset test = question.test();
        requireApart(spec, question.train(), test);
        if (spec.repair() != null && spec.repair().validation() != null) {
            Dataset validation = datasets.get(spec.repair().validation());
            if (validation.id().equals(test.id()) || datasets.shareAnImage(validation, test)) {
                throw new InvalidValueException(
                        "repair.validation",
                        validation.name(),
                        "a dataset without any image of \"%s\", which is reported".formatted(spec.test()));
            }
        }
        return question;
    }

    /** A specification with its inputs as they are now; that they fit each other was seen when it was submitted. */
    Question inputs(CampaignSpec spec) {
        Dataset train = datasets.get(spec.train());
        Dataset test = datasets.get(spec.test());
        List<Model> graders = spec.models().stream().map(bench.models()::get).toList();
        return new Question(train, test, graders, recipe(spec, train, test, graders));
    }

    Workbench bench() {
        return bench;
    }

    private void requireApart(CampaignSpec spec, Dataset train, Dataset test) {
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
    }

    private Optional<Campaign> run(CampaignSpec spec, Question question, @Nullable Instant until, Progress progress) {
        Instant started = Instant.now();
        CampaignSteps steps = new CampaignSteps(spec, question.train(), question.test(), bench, false);
        Results results = new Results();
        List<Step> all = steps.all();
        for (int i = 0; i < all.size(); i++) {
            if (until != null && Instant.now().isAfter(until)) {
                return Optional.empty();
            }
            Step step = all.get(i);
            results.add(step.id(), step.action().run(results, new NumberedProgress(progress, i + 1, all.size() + 1)));
        }
        Progress last = new NumberedProgress(progress, all.size() + 1, all.size() + 1);
        return Optional.of(finish(spec, question, steps, results, started, last));
    }

    /** Reports a campaign of which all steps are done, judges, and publishes its record. */
    Campaign finish(
            CampaignSpec spec,
            Question question,
            CampaignSteps steps,
            Results results,
            Instant started,
            Progress progress) {
        List<String> perturbations =
                steps.craftings().stream().map(results::perturbation).toList();
        List<Evaluation> evaluations = results.all().stream()
                .map(Made::evaluation)
                .filter(Objects::nonNull)
                .map(id -> artifacts.get("evaluation", Keys.evaluation(id), Evaluation.class))
                .toList();
        requireSameModels(question, results, evaluations);
        Report report = reporting.report(
                new ReportSpec(
                        title(spec, question.test()),
                        question.test().name(),
                        spec.models(),
                        perturbations,
                        new RepairStudies(spec, steps, results, artifacts).all(),
                        spec.thresholds()),
                evaluations,
                progress);
        String id = question.recipe().id();
        if (report.verdict() != null) {
            artifacts.publish(Keys.campaignFile(id, "verdict.json"), report.verdict());
        }
        return artifacts.publish(
                question.key(),
                new Campaign(
                        Campaign.SCHEMA,
                        id,
                        spec,
                        perturbations,
                        results.all().stream()
                                .map(Made::perturbed)
                                .filter(Objects::nonNull)
                                .toList(),
                        evaluations.stream().map(Evaluation::id).toList(),
                        report.id(),
                        question.recipe(),
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    /** Every figure is of the model that the campaign is about, or that it made, and of no other under its name. */
    private static void requireSameModels(Question question, Results results, List<Evaluation> evaluations) {
        Map<String, String> ids = new TreeMap<>();
        question.graders().forEach(grader -> ids.put(grader.name(), grader.id()));
        for (Made made : results.all()) {
            if (made.model() != null && made.modelId() != null) {
                ids.put(made.model(), made.modelId());
            }
        }
        for (Evaluation evaluation : evaluations) {
            if (!evaluation.modelId().equals(ids.get(evaluation.model()))) {
                throw StepActions.replaced(evaluation.model());
            }
        }
    }

    private static String title(CampaignSpec spec, Dataset test) {
        return "Robustness of %s on %s".formatted(String.join(", ", spec.models()), test.name());
    }

    private Recipe recipe(CampaignSpec spec, Dataset train, Dataset test, List<Model> graders) {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("attacks", spec.attacks());
        parameters.put(
                "attackVersions", spec.attacks().stream().map(Attacks::version).toList());
        parameters.put("settings", spec.settings().parameters());
        parameters.put("models", spec.models());
        if (spec.repair() != null) {
            parameters.put("repair", spec.repair().parameters());
        }
        if (spec.thresholds() != null) {
            parameters.put("thresholds", spec.thresholds().parameters());
        }
        Map<String, String> inputs = new TreeMap<>(Map.of("train", train.id(), "test", test.id()));
        for (int i = 0; i < graders.size(); i++) {
            inputs.put("model%d".formatted(i), graders.get(i).id());
        }
        if (spec.repair() != null && spec.repair().validation() != null) {
            inputs.put("validation", datasets.get(spec.repair().validation()).id());
        }
        return new Recipe("campaign/5", parameters, inputs);
    }
}
