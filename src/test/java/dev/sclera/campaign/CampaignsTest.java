package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.attack.CraftSpec;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Prediction;
import dev.sclera.evaluation.PredictionSet;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Keys;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Campaigns of tiny graders through a real S3: run once, twice, at once, and cut off. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CampaignsTest {

    private static final Progress NO_WORK = (name, total) -> {
        throw new AssertionError("there was work: " + name);
    };

    private Path sources;
    private Laboratory laboratory;
    private Campaign undisturbed;

    @TempDir
    Path temporary;

    @BeforeAll
    void runUndisturbed(@TempDir Path folder) throws IOException {
        sources = folder.resolve("sources");
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(sources);
        undisturbed = laboratory.campaigns.run(Laboratory.spec(), Progress.none());
    }

    @AfterAll
    void close() {
        laboratory.close();
    }

    @Test
    void theSameCampaignAgainDoesNoWork() {
        Map<String, byte[]> before = laboratory.contents();

        assertThat(laboratory.campaigns.run(Laboratory.spec(), NO_WORK)).isEqualTo(undisturbed);

        Map<String, byte[]> after = laboratory.contents();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((key, body) -> assertThat(after.get(key)).as(key).isEqualTo(body));
    }

    @Test
    void everyFigureFollowsFromThePredictions() {
        assertThat(undisturbed.evaluations()).hasSize(2 * (1 + 3));
        for (String id : undisturbed.evaluations()) {
            Evaluation evaluation = laboratory.artifacts.get("evaluation", Keys.evaluation(id), Evaluation.class);
            List<Prediction> predictions = predictions(evaluation);
            assertThat(predictions).hasSize(25).allSatisfy(prediction -> {
                List<Double> probabilities = prediction.probabilities();
                assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-9));
                assertThat(probabilities.stream().mapToDouble(p -> p).max().orElseThrow())
                        .isEqualTo(probabilities.get(prediction.grade()));
            });
            long right = predictions.stream()
                    .filter(prediction -> prediction.grade() == prediction.truth())
                    .count();
            assertThat(evaluation.accuracy()).isCloseTo(right / 25.0, within(1e-12));
            assertThat(evaluation.confusion()).isEqualTo(confusion(predictions));
            assertKappa(evaluation.kappa(), predictions, false);
            assertKappa(evaluation.quadraticKappa(), predictions, true);
            if (evaluation.perturbation() == null) {
                assertThat(evaluation.foolingRate()).isNull();
            } else {
                List<Prediction> clean = predictions(cleanOf(evaluation));
                long moved = 0;
                for (int i = 0; i < clean.size(); i++) {
                    assertThat(clean.get(i).image())
                            .isEqualTo(predictions.get(i).image());
                    moved += clean.get(i).grade() == predictions.get(i).grade() ? 0 : 1;
                }
                assertThat(evaluation.foolingRate()).isCloseTo(moved / 25.0, within(1e-12));
            }
        }
    }

    /** In the crafting, while perturbing and while evaluating. */
    @ParameterizedTest
    @ValueSource(longs = {30, 140, 300})
    void cutOffAnywhereItEndsAsIfItHadNotBeen(long k) throws IOException {
        try (Laboratory other = new Laboratory(temporary).furnished(sources)) {
            assertThatThrownBy(() -> other.campaigns.run(Laboratory.spec(), cutOffAfter(k)))
                    .isInstanceOf(CutOff.class);
            assertSameEnd(other);
        }
    }

    @Test
    void killedInTheMiddleItEndsAsIfItHadNotBeen() throws Exception {
        Path workspace = temporary.resolve("killed");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CampaignChild.class.getName(),
                        workspace.toString(),
                        temporary.resolve("sources").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.endsWith("] crafting pgd against tiny-2")) {
                line = said.readLine();
            }
            assertThat(line).as("the child came that far").isNotNull();
            // SIGKILL
            child.destroyForcibly();
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        try (Laboratory other = new Laboratory(workspace)) {
            assertThat(other.objects.exists(Keys.campaignFile(undisturbed.id(), "campaign.json")))
                    .isFalse();
            assertSameEnd(other);
        }
    }

    @Test
    void ofTwoThatRaceBothReturnTheSame() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (Laboratory other = new Laboratory(temporary).furnished(sources)) {
            Callable<Campaign> run = () -> other.campaigns.run(Laboratory.spec(), Progress.none());
            Future<Campaign> first = pool.submit(run);
            Future<Campaign> second = pool.submit(run);
            assertThat(first.get()).isEqualTo(second.get());
            assertSameEnd(other);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void craftingOnTestImagesIsRefused() {
        CraftSpec craft = new CraftSpec("pgd", List.of("tiny-1"), "eyes-test", Laboratory.settings(0.1, 1, 1));
        assertThatThrownBy(() -> laboratory.crafting.craft(craft, NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("eyes-test")
                .hasMessageContaining("training split");
        refused(
                "\"test\"",
                spec -> with(
                        spec,
                        "eyes-train",
                        "eyes-train",
                        spec.attacks(),
                        spec.settings().epsilon(),
                        7));
    }

    @Test
    void theImagesOfTheCraftingMayNotComeBackUnderAnotherSplit() throws IOException {
        laboratory.imported(sources, "eyes-train", 0, "train");
        Dataset again = new DatasetImport(laboratory.artifacts, laboratory.datasets)
                .run(
                        new ImportRequest(
                                sources.resolve("eyes-train"), "eyes-again", Laboratory.SIDE, false, null, "test"),
                        Progress.none())
                .datasets()
                .get(0);
        assertThat(again.split()).isEqualTo("test");
        refused(
                "eyes-again",
                spec -> with(
                        spec,
                        "eyes-train",
                        "eyes-again",
                        spec.attacks(),
                        spec.settings().epsilon(),
                        7));
    }

    @Test
    void aPerturbationOfAnotherSizeIsRefused() {
        Dataset test = laboratory.datasets.get("eyes-test");
        Perturbation crafted =
                laboratory.perturbations.get(undisturbed.perturbations().get(0));
        Dataset larger = new Dataset(
                test.schema(),
                test.name(),
                "ff".repeat(32),
                test.split(),
                32,
                32,
                test.grades(),
                test.images(),
                test.imagesPerGrade(),
                test.rejected(),
                test.shards(),
                test.index(),
                test.indexSha256(),
                test.recipe(),
                test.provenance());
        assertThatThrownBy(() -> laboratory.grading.grade(laboratory.models.get("tiny-1"), larger, crafted, NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("16×16")
                .hasMessageContaining("32×32");
    }

    @Test
    void badValuesAreRefusedBeforeAnyWork() {
        for (double epsilon : new double[] {0, -1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused("\"epsilon\"", spec -> with(spec, spec.train(), spec.test(), spec.attacks(), epsilon, 7));
        }
        refused("\"attack\"", spec -> with(spec, spec.train(), spec.test(), List.of("magic"), 0.1, 7));
        refused("\"attacks\"", spec -> with(spec, spec.train(), spec.test(), List.of(), 0.1, 7));
        refused("\"attacks\"", spec -> with(spec, spec.train(), spec.test(), List.of("pgd", "pgd"), 0.1, 7));
        refused("\"seed\"", spec -> with(spec, spec.train(), spec.test(), spec.attacks(), 0.1, Long.MAX_VALUE));
        refused("\"dataset\"", spec -> with(spec, "../../models", spec.test(), spec.attacks(), 0.1, 7));
        assertThatThrownBy(() -> laboratory.campaigns.run(
                        with(Laboratory.spec(), "nowhere", "eyes-test", List.of("pgd"), 0.1, 7), NO_WORK))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("eyes-train");
    }

    private void refused(String named, UnaryOperator<CampaignSpec> change) {
        List<String> before = laboratory.objects.list("");
        assertThatThrownBy(() -> laboratory.campaigns.run(change.apply(Laboratory.spec()), NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("Allowed: ")
                .hasMessageNotContaining("\n");
        assertThat(laboratory.objects.list("")).isEqualTo(before);
    }

    private void assertSameEnd(Laboratory other) {
        Campaign again = other.campaigns.run(Laboratory.spec(), Progress.none());
        assertThat(again.id()).isEqualTo(undisturbed.id());
        assertThat(again.perturbations()).isEqualTo(undisturbed.perturbations());
        assertThat(again.evaluations()).isEqualTo(undisturbed.evaluations());
        assertThat(again.report()).isEqualTo(undisturbed.report());
        for (String id : again.perturbations()) {
            String delta = Keys.perturbationFile(id, "delta.npy");
            assertThat(other.objects.get(delta)).isEqualTo(laboratory.objects.get(delta));
        }
        String csv = Keys.reportFile(again.report(), "table.csv");
        assertThat(other.objects.get(csv)).isEqualTo(laboratory.objects.get(csv));
    }

    private List<Prediction> predictions(Evaluation evaluation) {
        return laboratory.grading.read(
                laboratory.artifacts.get("predictions", evaluation.predictions(), PredictionSet.class));
    }

    private Evaluation cleanOf(Evaluation evaluation) {
        return undisturbed.evaluations().stream()
                .map(id -> laboratory.artifacts.get("evaluation", Keys.evaluation(id), Evaluation.class))
                .filter(other -> other.perturbation() == null && other.modelId().equals(evaluation.modelId()))
                .findFirst()
                .orElseThrow();
    }

    private static List<List<Long>> confusion(List<Prediction> predictions) {
        long[][] counts = new long[5][5];
        predictions.forEach(prediction -> counts[prediction.truth()][prediction.grade()]++);
        List<List<Long>> rows = new ArrayList<>();
        for (long[] row : counts) {
            rows.add(Arrays.stream(row).boxed().toList());
        }
        return rows;
    }

    /** 1 − observed over expected disagreement, straight from Cohen 1968. */
    private static void assertKappa(@Nullable Double kappa, List<Prediction> predictions, boolean quadratic) {
        double observed = 0;
        double expected = 0;
        for (Prediction one : predictions) {
            observed += disagreement(one.truth(), one.grade(), quadratic) * predictions.size();
            for (Prediction two : predictions) {
                expected += disagreement(one.truth(), two.grade(), quadratic);
            }
        }
        assertThat(kappa).isCloseTo(1 - observed / expected, within(1e-9));
    }

    private static double disagreement(int a, int b, boolean quadratic) {
        return quadratic ? (a - b) * (a - b) : a == b ? 0 : 1;
    }

    private static CampaignSpec with(
            CampaignSpec spec, String train, String test, List<String> attacks, double epsilon, long seed) {
        Integer passes = Objects.requireNonNull(spec.settings().passes(), "passes is null");
        return new CampaignSpec(spec.models(), train, test, attacks, Laboratory.settings(epsilon, passes, seed));
    }

    private static final class CutOff extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Progress cutOffAfter(long units) {
        AtomicLong left = new AtomicLong(units);
        return (name, total) -> new Progress.Task() {
            @Override
            public void advance(long done) {
                if (left.addAndGet(-done) < 0) {
                    throw new CutOff();
                }
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void anOutlineIsThePlanOfACampaignOfThatSize() {
        Plan plan = laboratory.campaigns.plan(Laboratory.spec());
        Plan outline = laboratory.campaigns.outline(Laboratory.spec(), new Scale(25, 25, 0.5));
        assertThat(outline.items())
                .extracting(Plan.Item::stage, Plan.Item::what, Plan.Item::graded, Plan.Item::gradients)
                .containsExactlyElementsOf(plan.items().stream()
                        .map(item -> tuple(item.stage(), item.what(), item.graded(), item.gradients()))
                        .toList());
        // pgd, two passes: 25 images graded, and 50 gradients of 2.5 times as long; twice. Six evaluations of 25 and 2
        assertThat(outline.seconds()).isCloseTo(0.5 * (2 * (25 + 2.5 * 50) + 8 * 25), within(1e-9));
        assertThat(laboratory.campaigns.outline(Laboratory.spec(), new Scale(25, 1_000_000, 0.5)).items().stream()
                        .mapToLong(Plan.Item::graded)
                        .sum())
                .isEqualTo(2 * 25 + 8 * 1_000_000L);
    }
}
