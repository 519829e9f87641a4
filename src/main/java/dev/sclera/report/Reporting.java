package dev.sclera.report;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Grading;
import dev.sclera.metrics.Bootstrap;
import dev.sclera.metrics.Equivalence;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectStore;
import dev.sclera.store.Recipe;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes reports and publishes them. */
@Singleton
public class Reporting {

    private static final int LONGEST_TITLE = 200;

    private final Artifacts artifacts;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Grading grading;

    @Inject
    public Reporting(Artifacts artifacts, Datasets datasets, Perturbations perturbations, Grading grading) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.grading = requireNonNull(grading, "grading is null");
    }

    /**
     * Reports evaluations, or finds them reported already.
     *
     * @param spec what the report is of
     * @param evaluations one per model on the clean dataset and under every perturbation; others are left aside
     * @throws InvalidValueException where the specification is empty or names something twice, or where evaluations
     *     contradict each other
     * @throws MissingArtifactException where the dataset, a perturbation or an evaluation is missing
     */
    public Report report(ReportSpec spec, List<Evaluation> evaluations, Progress progress) {
        return report(spec, evaluations, false, progress);
    }

    /**
     * Reports the evaluations that are there: every model on the clean dataset, and under those perturbations under
     * which it was evaluated.
     *
     * @throws MissingArtifactException where the dataset, a perturbation or a clean evaluation is missing
     */
    public Report reportPresent(ReportSpec spec, List<Evaluation> evaluations, Progress progress) {
        return report(spec, evaluations, true, progress);
    }

    private Report report(ReportSpec spec, List<Evaluation> evaluations, boolean present, Progress progress) {
        validate(spec);
        Instant started = Instant.now();
        Dataset dataset = datasets.get(spec.dataset());
        List<Perturbation> records =
                spec.perturbations().stream().map(perturbations::get).toList();
        requireDistinct("perturbations", records.stream().map(Perturbation::id).toList());
        List<Finding> findings = Findings.of(spec, dataset, records, evaluations, present);
        RepairAnswers answers = new RepairAnswers(spec, dataset, evaluations, perturbations, grading, artifacts);
        Recipe recipe = recipe(spec, records, findings, answers);
        Optional<Report> reported = artifacts.find(Keys.report(recipe.id()), Report.class);
        return reported.orElseGet(() -> publish(spec, dataset, records, findings, answers, recipe, started, progress));
    }

    private Report publish(
            ReportSpec spec,
            Dataset dataset,
            List<Perturbation> records,
            List<Finding> findings,
            RepairAnswers answers,
            Recipe recipe,
            Instant started,
            Progress progress) {
        try (Progress.Task task = progress.start("reporting " + spec.title(), 4)) {
            ReportContent content = new Gathering(datasets, perturbations, grading, artifacts)
                    .gather(recipe.id(), spec.title(), dataset, records, findings);
            task.advance(1);
            content = weighed(content, spec, answers);
            task.advance(1);
            Drawings drawings = new Drawings();
            byte[] page = drawings.page(content).getBytes(StandardCharsets.UTF_8);
            task.advance(1);
            Report report = record(content, write(content, drawings, page), recipe, started);
            task.advance(1);
            return report;
        }
    }

    /** The content with what repairs came to, and with the verdict. */
    private static ReportContent weighed(ReportContent content, ReportSpec spec, RepairAnswers answers) {
        Thresholds thresholds = spec.thresholds();
        double margin = thresholds == null ? Equivalence.DEFAULT_MARGIN : thresholds.cleanMargin();
        List<RepairOutcome> outcomes = new RepairFigures(
                        answers::of,
                        answers::attack,
                        Bootstrap.seeded(0),
                        content.dataset().grades(),
                        margin)
                .of(spec.repairs());
        Verdict verdict = thresholds == null ? null : Verdict.of(thresholds, ModelRows.of(content.rows()), outcomes);
        return content.with(outcomes, verdict);
    }

    private List<String> write(ReportContent content, Drawings drawings, byte[] page) {
        List<String> files = new ArrayList<>();
        files.add(create(content.id(), "table.csv", CsvTables.rows(content.rows()), "text/csv; charset=utf-8"));
        files.add(create(
                content.id(), "confusion.csv", CsvTables.confusion(content.findings()), "text/csv; charset=utf-8"));
        files.add(create(
                content.id(),
                "perturbations.csv",
                CsvTables.perturbations(content.perturbations()),
                "text/csv; charset=utf-8"));
        if (!content.repairs().isEmpty()) {
            files.add(create(
                    content.id(), "repairs.csv", RepairTables.cells(content.repairs()), "text/csv; charset=utf-8"));
            files.add(create(
                    content.id(),
                    "repair-tests.csv",
                    RepairTables.tests(content.repairs()),
                    "text/csv; charset=utf-8"));
        }
        drawings.figures(content)
                .forEach((name, svg) -> files.add(create(
                        content.id(), "figures/" + name, svg.getBytes(StandardCharsets.UTF_8), "image/svg+xml")));
        create(content.id(), "report.html", page, "text/html; charset=utf-8");
        return files;
    }

    private String create(String id, String file, byte[] body, String contentType) {
        ObjectStore objects = artifacts.objects();
        String key = Keys.reportFile(id, file);
        objects.createOrAdopt(key, body, contentType);
        return key;
    }

    private Report record(ReportContent content, List<String> files, Recipe recipe, Instant started) {
        return artifacts.publish(
                Keys.report(recipe.id()),
                new Report(
                        Report.SCHEMA,
                        recipe.id(),
                        content.title(),
                        content.dataset().name(),
                        content.dataset().synthetic(),
                        content.dataset().images(),
                        content.rows(),
                        content.repairs(),
                        content.verdict(),
                        Keys.reportFile(recipe.id(), "report.html"),
                        files,
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    private static Recipe recipe(
            ReportSpec spec, List<Perturbation> records, List<Finding> findings, RepairAnswers answers) {
        Map<String, String> inputs = new TreeMap<>();
        for (Finding finding : findings) {
            inputs.put(
                    String.format(Locale.ROOT, "evaluation-%04d", inputs.size()),
                    finding.evaluation().id());
        }
        for (String evaluation : answers.evaluations()) {
            inputs.put(String.format(Locale.ROOT, "evaluation-%04d", inputs.size()), evaluation);
        }
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("title", spec.title());
        parameters.put("dataset", spec.dataset());
        parameters.put("models", spec.models());
        parameters.put("perturbations", records.stream().map(Perturbation::id).toList());
        if (!spec.repairs().isEmpty()) {
            parameters.put(
                    "repairs",
                    spec.repairs().stream().map(RepairAnswers::recipe).toList());
        }
        if (spec.thresholds() != null) {
            parameters.put("thresholds", spec.thresholds().parameters());
        }
        return new Recipe("report/4", parameters, inputs);
    }

    private static void validate(ReportSpec spec) {
        if (spec.title().isBlank() || spec.title().length() > LONGEST_TITLE) {
            throw new InvalidValueException(
                    "title", spec.title(), "1 to " + LONGEST_TITLE + " characters, not all of them blank");
        }
        if (spec.models().isEmpty()) {
            throw new InvalidValueException("models", "[]", "the names of one model or more");
        }
        requireDistinct("models", spec.models());
    }

    private static void requireDistinct(String field, List<String> values) {
        HashSet<String> seen = new HashSet<>();
        for (String value : values) {
            if (!seen.add(value)) {
                throw new InvalidValueException(field, value, "each one only once");
            }
        }
    }
}
