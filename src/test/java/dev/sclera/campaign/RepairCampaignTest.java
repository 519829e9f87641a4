package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.defense.Augmentation;
import dev.sclera.defense.Averaging;
import dev.sclera.defense.Mix;
import dev.sclera.defense.Optimisation;
import dev.sclera.defense.Stopping;
import dev.sclera.evaluation.Prediction;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.model.Model;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.report.RepairOutcome;
import dev.sclera.report.RepairOutcome.Cell;
import dev.sclera.report.RepairOutcome.Kind;
import dev.sclera.report.RepairOutcome.Subject;
import dev.sclera.report.Report;
import dev.sclera.report.Thresholds;
import dev.sclera.report.Verdict;
import dev.sclera.store.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A campaign that repairs a tiny grader, through a real S3: what the paper does and beyond. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepairCampaignTest {

    private static final Progress NO_WORK = (name, total) -> {
        throw new AssertionError("there was work: " + name);
    };

    private static final List<String> CRAFTED = List.of("pgd", "ordinal", "df-uap");

    private static final CampaignSpec SPEC = spec(List.of("pgd", "random", "ordinal", "df-uap"), List.of("pgd"));

    private Laboratory laboratory;
    private Campaign campaign;
    private Report report;
    private RepairOutcome outcome;

    @BeforeAll
    void run(@TempDir Path folder) throws IOException {
        laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
        campaign = laboratory.campaigns.run(SPEC, Progress.none());
        report = laboratory.artifacts.get("report", Keys.report(campaign.report()), Report.class);
        outcome = report.repairs().get(0);
    }

    @AfterAll
    void close() {
        laboratory.close();
    }

    static CampaignSpec spec(List<String> attacks, List<String> adaptive) {
        Repair repair = new Repair(
                null,
                Mix.of(0.5, true, 0.5, 2),
                new Optimisation(
                        2,
                        8,
                        Optimisation.Algorithm.ADAMW,
                        1e-2,
                        Optimisation.Schedule.CONSTANT,
                        0,
                        0.9,
                        0,
                        Optimisation.ClassWeights.NONE),
                TrainedLayers.ALL,
                false,
                Augmentation.NONE,
                Averaging.NONE,
                Stopping.DEFAULT,
                0,
                3,
                true,
                adaptive);
        return new CampaignSpec(
                List.of("tiny-1"),
                "eyes-train",
                "eyes-test",
                attacks,
                Laboratory.settings(16 / 255.0, 4, 7),
                repair,
                Thresholds.DEFAULT);
    }

    @Test
    void everyAttackRepairsOnceAndThereIsAnEnsembleOfAllAndOneWithoutEach() {
        assertThat(outcome.model()).isEqualTo("tiny-1");
        assertThat(outcome.subjects().stream().map(Subject::kind))
                .containsExactly(Kind.SINGLE, Kind.SINGLE, Kind.SINGLE, Kind.ENSEMBLE, Kind.LEAVE_ONE_OUT);
        assertThat(outcome.subjects().stream().limit(3).map(Subject::seen)).containsExactlyElementsOf(CRAFTED);
        assertThat(laboratory.models.names()).hasSize(2 + 3 + 1 + 3);
    }

    @Test
    void unseenAreAllAttacksButTheOneThatWasTrainedOn() {
        for (Subject single : outcome.subjects().subList(0, 3)) {
            assertThat(single.unseenQuadraticKappa().each())
                    .extracting(gain -> gain.variant())
                    .containsExactlyElementsOf(CRAFTED.stream()
                            .filter(attack -> !attack.equals(single.seen()))
                            .toList());
        }
        assertThat(subject(Kind.ENSEMBLE).unseenQuadraticKappa()).isNull();
        assertThat(subject(Kind.LEAVE_ONE_OUT).unseenQuadraticKappa().each())
                .extracting(gain -> gain.variant())
                .containsExactlyInAnyOrderElementsOf(CRAFTED);
    }

    @Test
    void everyKappaOfARepairFollowsFromThePredictions() {
        for (Subject subject : outcome.subjects()) {
            for (Cell cell : subject.cells()) {
                assertThat(cell.after().quadraticKappa().value())
                        .as("%s on %s", cell.model(), cell.variant())
                        .isEqualTo(quadraticKappa(predictions(cell.model(), cell.perturbation())));
                assertThat(cell.before().quadraticKappa().value())
                        .isEqualTo(quadraticKappa(predictions("tiny-1", cell.perturbation())));
            }
        }
    }

    @Test
    void theGainOnAnUnseenAttackIsTheDifferenceOfTheKappas() {
        Subject single = outcome.subjects().get(0);
        single.unseenQuadraticKappa().each().forEach(gain -> {
            Cell cell = single.cells().stream()
                    .filter(each -> each.variant().equals(gain.variant()))
                    .findFirst()
                    .orElseThrow();
            assertThat(gain.interval().estimate().orElseThrow())
                    .isCloseTo(
                            cell.after().quadraticKappa().orElseThrow()
                                    - cell.before().quadraticKappa().orElseThrow(),
                            within(1e-12));
        });
    }

    @Test
    void anEnsembleAnswersTheMeanOfItsMembersProbabilities() {
        List<String> members =
                outcome.subjects().stream().limit(3).map(Subject::name).toList();
        List<Prediction> together = predictions(subject(Kind.ENSEMBLE).name(), null);
        List<List<Prediction>> apart =
                members.stream().map(member -> predictions(member, null)).toList();
        for (int i = 0; i < together.size(); i++) {
            int image = i;
            for (int grade = 0; grade < 5; grade++) {
                int at = grade;
                double mean = apart.stream()
                        .mapToDouble(of -> of.get(image).probabilities().get(at))
                        .average()
                        .orElseThrow();
                assertThat(together.get(i).probabilities().get(grade)).isCloseTo(mean, within(1e-5));
            }
        }
    }

    @Test
    void attacksAnewAreCraftedAgainstWhatWasRepairedItself() {
        for (Subject subject : outcome.subjects()) {
            subject.adaptive().forEach(gain -> {
                Perturbation perturbation = laboratory.perturbations.get(gain.perturbation());
                assertThat(perturbation.models()).containsExactly(subject.name());
                assertThat(perturbation.attack()).isEqualTo("pgd");
            });
            assertThat(subject.adaptive()).hasSize(subject.kind() == Kind.LEAVE_ONE_OUT ? 0 : 1);
        }
    }

    @Test
    void testsOnCleanImagesAreCorrectedForTheirNumber() {
        List<RepairOutcome.Clean> tests = outcome.subjects().stream()
                .map(Subject::clean)
                .filter(clean -> clean != null)
                .toList();
        assertThat(tests).hasSize(4).allSatisfy(clean -> {
            if (clean.test().p().defined()) {
                assertThat(clean.corrected().orElseThrow())
                        .isGreaterThanOrEqualTo(clean.test().p().orElseThrow());
            }
        });
    }

    @Test
    void theVerdictAsksForAsManyGradesAsTheOriginalGives() {
        Subject ensemble = subject(Kind.ENSEMBLE);
        long before = predictions("tiny-1", null).stream()
                .map(Prediction::grade)
                .distinct()
                .count();
        long after = predictions(ensemble.name(), null).stream()
                .map(Prediction::grade)
                .distinct()
                .count();
        assertThat(report.verdict().candidates().get(1).criteria())
                .filteredOn(criterion -> criterion.what().equals("grades given to clean images"))
                .singleElement()
                .satisfies(criterion -> {
                    assertThat(criterion.value()).isEqualTo(after);
                    assertThat(criterion.asked()).isEqualTo("at least the %d that the original gives", before);
                    assertThat(criterion.met()).isEqualTo(after >= before);
                });
    }

    @Test
    void theVerdictLiesBesideTheCampaign() {
        Verdict verdict =
                laboratory.artifacts.get("campaign", Keys.campaignFile(campaign.id(), "verdict.json"), Verdict.class);
        assertThat(verdict).isEqualTo(report.verdict());
        assertThat(verdict.candidates())
                .extracting(Verdict.Candidate::grader)
                .containsExactly("tiny-1", subject(Kind.ENSEMBLE).name());
        assertThat(verdict.passed()).isEqualTo(verdict.candidates().stream().anyMatch(Verdict.Candidate::passed));
    }

    @Test
    void thePageHasWhatRepairBrought() {
        String page = new String(laboratory.objects.get(report.page()), StandardCharsets.UTF_8);
        assertThat(page)
                .contains("What repair brought", "leave-one-out ensembles", "pgd anew", "Fine-tuning of")
                .doesNotContain("NaN");
        assertThat(report.files()).anyMatch(file -> file.endsWith("/repairs.csv"));
        assertThat(report.files()).anyMatch(file -> file.endsWith("/repair-tests.csv"));
    }

    @Test
    void theSameCampaignAgainDoesNoWork() {
        assertThat(laboratory.campaigns.run(SPEC, NO_WORK)).isEqualTo(campaign);
    }

    @Test
    void thePlanHasEveryPieceOfWork() {
        Plan plan = laboratory.campaigns.plan(SPEC);
        assertThat(plan.id()).isEqualTo(campaign.id());
        assertThat(plan.finished()).isTrue();
        assertThat(plan.sums())
                .extracting(Plan.Sum::stage, Plan.Sum::items)
                .contains(
                        tuple(Plan.Stage.CRAFT, 4),
                        tuple(Plan.Stage.EVALUATE, 5),
                        tuple(Plan.Stage.REPAIR, 3),
                        tuple(Plan.Stage.ENSEMBLE, 4),
                        tuple(Plan.Stage.RETRY, 4 * 4 + 3),
                        tuple(Plan.Stage.ADAPT, 4));
    }

    @Test
    void withoutTimeItGoesOnWhenAskedAgain() {
        CampaignSpec other = spec(List.of("pgd", "ordinal"), List.of());
        int asked = 0;
        Optional<Campaign> done = Optional.empty();
        while (done.isEmpty()) {
            // time for what is there already, and for a little more each time
            done = laboratory.campaigns.run(other, Instant.now().plusMillis(300L * asked), Progress.none());
            asked++;
        }
        assertThat(asked).isGreaterThan(1);
        assertThat(done.orElseThrow()).isEqualTo(laboratory.campaigns.run(other, NO_WORK));
    }

    @Test
    void anAttackToBeMadeAnewIsOneOfTheCampaign() {
        assertThatThrownBy(() -> laboratory.campaigns.run(spec(List.of("pgd"), List.of("ordinal")), NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("repair.adaptive")
                .hasMessageContaining("ordinal");
    }

    @Test
    void noiseAloneRepairsNothing() {
        assertThatThrownBy(() -> laboratory.campaigns.run(spec(List.of("random"), List.of()), NO_WORK))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("attacks");
    }

    private Subject subject(Kind kind) {
        return outcome.subjects().stream()
                .filter(subject -> subject.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private List<Prediction> predictions(String model, @Nullable String perturbation) {
        Model found = laboratory.models.get(model);
        Dataset test = laboratory.datasets.get("eyes-test");
        return laboratory.grading.read(laboratory.grading.grade(
                found, test, perturbation == null ? null : laboratory.perturbations.get(perturbation), NO_WORK));
    }

    private static Double quadraticKappa(List<Prediction> predictions) {
        return CohenKappa.QUADRATIC
                .of(ConfusionMatrix.of(
                        predictions.stream().mapToInt(Prediction::truth).toArray(),
                        IntStream.range(0, predictions.size())
                                .map(i -> predictions.get(i).grade())
                                .toArray(),
                        5))
                .value();
    }
}
