package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.ascent.Norm;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Crafting;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.model.Preprocessing;
import dev.sclera.model.TinyGrader;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report.Access;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import dev.sclera.store.embedded.Workspace;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Reports of real evaluations of small graders, through a real S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportingTest {

    private Workspace workspace;
    private Artifacts artifacts;
    private Reporting reporting;
    private List<Evaluation> evaluations;
    private ReportSpec spec;

    @BeforeAll
    void evaluateTwoGraders(@TempDir Path folder) throws IOException {
        workspace = Workspace.open(folder.resolve("workspace"), 0);
        artifacts = new Artifacts(workspace.objects());
        Datasets datasets = new Datasets(artifacts);
        Perturbations perturbations = new Perturbations(artifacts);
        Models models = new Models(artifacts);
        Grading grading = new Grading(artifacts, models, datasets, perturbations);
        reporting = new Reporting(artifacts, datasets, perturbations, grading);
        Dataset train = imported(folder, "eyes-train", 0, datasets);
        Dataset test = imported(folder, "eyes-test", 100, datasets);
        List<Model> graders = List.of(grader(folder, models, "tiny-one", 1), grader(folder, models, "tiny-two", 2));
        Crafting crafting = new Crafting(artifacts, models, datasets, perturbations, grading);
        List<Perturbation> crafted = new ArrayList<>();
        crafted.add(crafting.craft(craft("random", null, train), Progress.none()));
        for (Model grader : graders) {
            crafted.add(crafting.craft(craft("pgd", grader.name(), train), Progress.none()));
        }
        Evaluating evaluating = new Evaluating(artifacts, grading);
        evaluations = new ArrayList<>();
        for (Model grader : graders) {
            evaluations.add(evaluating.evaluate(grader, test, null, Progress.none()));
            for (Perturbation perturbation : crafted) {
                evaluations.add(evaluating.evaluate(grader, test, perturbation, Progress.none()));
            }
        }
        spec = spec("Two tiny graders", crafted.stream().map(Perturbation::id).toList());
    }

    @AfterAll
    void close() {
        workspace.close();
    }

    @Test
    void everythingThatTheRecordNamesIsThere() {
        Report report = reporting.report(spec, evaluations, Progress.none());

        assertThat(report.id()).isEqualTo(report.recipe().id());
        assertThat(report.rows())
                .extracting(Report.Row::access)
                .containsExactly(
                        Access.CLEAN,
                        Access.CONTROL,
                        Access.WHITE_BOX,
                        Access.TRANSFER,
                        Access.CLEAN,
                        Access.CONTROL,
                        Access.WHITE_BOX,
                        Access.TRANSFER);
        assertThat(artifacts.get("report", Keys.report(report.id()), Report.class))
                .isEqualTo(report);
        assertThat(report.files())
                .extracting(key ->
                        key.substring(key.indexOf(report.id()) + report.id().length() + 1))
                .startsWith(
                        "table.csv",
                        "confusion.csv",
                        "perturbations.csv",
                        "figures/quadratic-kappa.svg",
                        "figures/fooling-rate.svg")
                .hasSize(7);
        assertThat(artifacts.objects().list("reports/" + report.id() + "/"))
                .containsAll(report.files())
                .contains(report.page(), Keys.report(report.id()))
                .hasSize(9);
        String page = new String(artifacts.objects().get(report.page()), StandardCharsets.UTF_8);
        assertThat(page)
                .contains("Two tiny graders", "tiny-one under pgd", "True: Proliferative", "eyes-test: 25 images");
        assertThat(page.split("data:image/jpeg", -1)).hasSize(1 + 2 * 2 * 8);
    }

    @Test
    void theSameReportIsNotMadeTwice() {
        Report first = reporting.report(spec, evaluations, Progress.none());

        Report second = reporting.report(spec, evaluations, (name, total) -> {
            throw new AssertionError("there was work: " + name);
        });

        assertThat(second).isEqualTo(first);
    }

    @Test
    void aReportMadeAnewHasTheSameBytes() {
        Report report = reporting.report(spec, evaluations, Progress.none());
        Map<String, String> before = digests(report);
        artifacts.objects().list("reports/" + report.id() + "/").forEach(artifacts.objects()::delete);

        Report again = reporting.report(spec, evaluations, Progress.none());

        assertThat(again.id()).isEqualTo(report.id());
        assertThat(digests(again)).isEqualTo(before);
    }

    @Test
    void anotherTitleIsAnotherReport() {
        Report report = reporting.report(spec, evaluations, Progress.none());

        Report other = reporting.report(spec("Other", spec.perturbations()), evaluations, Progress.none());

        assertThat(other.id()).isNotEqualTo(report.id());
        assertThat(other.rows()).isEqualTo(report.rows());
    }

    @Test
    void aPerturbationByItsFirstDigitsGivesTheSameReport() {
        List<String> prefixes =
                spec.perturbations().stream().map(id -> id.substring(0, 12)).toList();

        assertThat(reporting.report(spec(spec.title(), prefixes), evaluations, Progress.none()))
                .isEqualTo(reporting.report(spec, evaluations, Progress.none()));
    }

    @Test
    void withoutAnEvaluationNothingIsWritten() {
        ReportSpec incomplete = spec("Incomplete", spec.perturbations());
        List<String> before = artifacts.objects().list("reports/");

        assertThatThrownBy(() ->
                        reporting.report(incomplete, evaluations.subList(0, evaluations.size() - 1), Progress.none()))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("There is no evaluation of model \"tiny-two\" on dataset \"eyes-test\"");

        assertThat(artifacts.objects().list("reports/")).isEqualTo(before);
    }

    @Test
    void whatNamesNothingOrSomethingTwiceIsRefused() {
        assertThatThrownBy(() -> reporting.report(spec(" ", List.of()), evaluations, Progress.none()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("title");
        String id = spec.perturbations().get(0);
        assertThatThrownBy(() ->
                        reporting.report(spec("Twice", List.of(id, id.substring(0, 10))), evaluations, Progress.none()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(id);
        assertThatThrownBy(() -> reporting.report(
                        new ReportSpec("None", "eyes-test", List.of(), List.of()), evaluations, Progress.none()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("models");
    }

    private Map<String, String> digests(Report report) {
        Map<String, String> digests = new TreeMap<>();
        digests.put(report.page(), Sha256.of(artifacts.objects().get(report.page())));
        report.files()
                .forEach(key -> digests.put(key, Sha256.of(artifacts.objects().get(key))));
        return digests;
    }

    private static ReportSpec spec(String title, List<String> perturbations) {
        return new ReportSpec(title, "eyes-test", List.of("tiny-one", "tiny-two"), perturbations);
    }

    private static CraftSpec craft(String attack, @Nullable String model, Dataset train) {
        return new CraftSpec(
                attack,
                model == null ? List.of() : List.of(model),
                train.name(),
                new CraftSettings(Norm.LINF, 8 / 255.0, null, 2, null, null, null, 8, null, Set.of(), Map.of(), 7));
    }

    private static Model grader(Path folder, Models models, String name, long seed) throws IOException {
        Path file = folder.resolve(name + ".onnx");
        Files.write(file, TinyGrader.seeded(seed).onnx());
        return models.importFile(
                file, name, new Preprocessing(null, null, null, null, List.of(0.5), List.of(0.5), null, null));
    }

    /** Discs on black, five of each grade, larger and redder the higher the grade. */
    private Dataset imported(Path folder, String name, int seed, Datasets datasets) throws IOException {
        for (int grade = 0; grade < 5; grade++) {
            Path files = Files.createDirectories(folder.resolve(name).resolve(Integer.toString(grade)));
            for (int i = 0; i < 5; i++) {
                BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = image.createGraphics();
                graphics.setColor(new Color(90 + 30 * grade, 60 + 7 * i, (seed + 20) % 256));
                graphics.fillOval(2, 2, 8 + grade, 8 + i);
                graphics.dispose();
                ImageIO.write(
                        image, "png", files.resolve(name + grade + i + ".png").toFile());
            }
        }
        return new DatasetImport(artifacts, datasets)
                .run(new ImportRequest(folder.resolve(name), name, 16, false, null, null), Progress.none())
                .datasets()
                .get(0);
    }
}
