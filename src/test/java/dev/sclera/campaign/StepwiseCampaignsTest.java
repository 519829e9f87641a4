package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.campaign.StepwiseCampaigns.Outcome;
import dev.sclera.defense.FinetuneJobs;
import dev.sclera.defense.Finetuning;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of steps, of which each is run by itself. */
class StepwiseCampaignsTest {

    @Test
    void aLargeDatasetIsGradedByOneStepPerShardAndComesToTheSame(@TempDir Path folder) throws IOException {
        Path sources = folder.resolve("sources");
        CampaignSpec spec = new CampaignSpec(
                List.of("tiny-1"),
                "many-train",
                "many-test",
                List.of("pgd", "random"),
                Laboratory.settings(8 / 255.0, 1, 7));
        try (Laboratory one = large(folder.resolve("one"), sources);
                Laboratory other = large(folder.resolve("other"), sources)) {
            Campaign expected = one.campaigns.run(spec, Progress.none());
            Finetuning finetuning = new Finetuning(other.artifacts, other.models, other.datasets, other.perturbations);
            StepwiseCampaigns stepwise = new StepwiseCampaigns(
                    other.campaigns,
                    other.artifacts,
                    finetuning,
                    new FinetuneJobs(other.artifacts, finetuning),
                    Optional::empty,
                    new OpenLeaseTerm());
            StepPlan plan = stepwise.submit(spec);
            // 2 of the crafting images; 2 of the test images, clean and under two perturbations
            assertThat(plan.steps().stream().filter(step -> step.stage() == Plan.Stage.GRADE))
                    .hasSize(2 + 2 * 3);
            assertThat(plan.steps().stream()
                            .filter(step -> step.stage() != Plan.Stage.ADAPT)
                            .mapToLong(StepPlan.Item::graded)
                            .sum())
                    .isEqualTo(300 + 300 + 3 * 300);
            while (stepwise.finished(plan.id()).isEmpty()) {
                for (StepPlan.Item step : stepwise.ready(plan.id())) {
                    assertThat(stepwise.run(plan.id(), step.id(), Progress.none()))
                            .isEqualTo(Outcome.DONE);
                    assertThat(stepwise.run(plan.id(), step.id(), Progress.none()))
                            .isEqualTo(Outcome.DONE_BEFORE);
                }
            }
            Campaign campaign = stepwise.finished(plan.id()).orElseThrow();
            assertThat(campaign.report()).isEqualTo(expected.report());
            assertThat(campaign.evaluations()).isEqualTo(expected.evaluations());
            List<String> lines = one.objects.list("predictions/").stream()
                    .filter(key -> key.endsWith(".jsonl"))
                    .toList();
            assertThat(lines)
                    .hasSize(8)
                    .allSatisfy(key -> assertThat(other.objects.get(key)).isEqualTo(one.objects.get(key)));
        }
    }

    private static Laboratory large(Path folder, Path sources) throws IOException {
        Laboratory laboratory = new Laboratory(folder).furnished(sources);
        laboratory.imported(sources, "many-train", 0, "train", 60);
        laboratory.imported(sources, "many-test", 100, "test", 60);
        return laboratory;
    }

    @Test
    void aPlanHasEveryStepAfterWhatItNeedsAndTheReportAfterAll(@TempDir Path folder) throws IOException {
        try (EventLaboratory place = new EventLaboratory(folder.resolve("place"), folder.resolve("sources"))) {
            StepPlan plan = place.stepwise.submit(EventLaboratory.spec("tiny-1"));
            Set<String> before = new HashSet<>();
            for (StepPlan.Item step : plan.steps()) {
                assertThat(before).containsAll(step.after());
                before.add(step.id());
            }
            Set<String> reached = new HashSet<>();
            StepPlan.Item report = plan.steps().get(plan.steps().size() - 1);
            reach(plan, report, reached);
            assertThat(report.stage()).isEqualTo(Plan.Stage.REPORT);
            assertThat(reached).isEqualTo(before);
            assertThat(place.stepwise.submit(EventLaboratory.spec("tiny-1"))).isEqualTo(plan);
            assertThat(place.stepwise.unfinished()).containsExactly(plan.id());
        }
    }

    private static void reach(StepPlan plan, StepPlan.Item step, Set<String> reached) {
        reached.add(step.id());
        plan.steps().stream()
                .filter(other -> step.after().contains(other.id()))
                .forEach(other -> reach(plan, other, reached));
    }

    @Test
    void whatThereIsNotIsNamed(@TempDir Path folder) throws IOException {
        try (EventLaboratory place = new EventLaboratory(folder.resolve("place"), folder.resolve("sources"))) {
            String id = place.stepwise.submit(EventLaboratory.spec("tiny-1")).id();
            assertThatThrownBy(() -> place.stepwise.run(id, "99999-craft", Progress.none()))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("99999-craft");
            assertThatThrownBy(() -> place.stepwise.run("ab".repeat(32), "00000-craft", Progress.none()))
                    .isInstanceOf(MissingArtifactException.class);
        }
    }
}
