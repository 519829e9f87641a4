package dev.sclera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.attack.CraftSpec;
import dev.sclera.campaign.CurrentReports.Current;
import dev.sclera.dataset.Perturbation;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.report.Reporting;
import dev.sclera.store.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports on whatever there is at the time. */
class CurrentReportsTest {

    private static final List<String> ALL = List.of("*");

    @TempDir
    Path folder;

    private Laboratory lab;
    private CurrentReports reports;

    @BeforeEach
    void furnish() throws IOException {
        lab = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
        reports = new CurrentReports(
                lab.models,
                lab.datasets,
                lab.perturbations,
                lab.evaluating,
                new Reporting(lab.artifacts, lab.datasets, lab.perturbations, lab.grading));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void everythingIsEvaluatedAndReportedAndASecondTimeNothingIsDone() {
        Perturbation noise = crafted(List.of(), "random");
        crafted(List.of("tiny-1"), "pgd");
        Current first = reports.report(CurrentSpec.everything("eyes-test"), Progress.none());
        assertThat(first.leftOut()).isEmpty();
        assertThat(first.report().rows())
                .hasSize(2 * 3)
                .extracting(Report.Row::model)
                .contains("tiny-1", "tiny-2");
        assertThat(first.report().rows()).extracting(Report.Row::perturbation).contains(noise.id());
        Map<String, byte[]> before = lab.contents();
        Current again = reports.report(CurrentSpec.everything("eyes-test"), Progress.none());
        assertThat(again.report()).isEqualTo(first.report());
        assertThat(lab.contents().keySet()).isEqualTo(before.keySet());
    }

    @Test
    void aModelThatComesLaterIsInTheNextReport() {
        Current first = reports.report(CurrentSpec.everything("eyes-test"), Progress.none());
        lab.objects.put("models/later/model.onnx", lab.objects.get(Keys.model("tiny-1")), "application/octet-stream");
        lab.objects.put("models/later/model.json", lab.objects.get(Keys.descriptor("tiny-1")), "application/json");
        Current second = reports.report(CurrentSpec.everything("eyes-test"), Progress.none());
        assertThat(second.report().rows()).extracting(Report.Row::model).contains("later");
        assertThat(second.report().id()).isNotEqualTo(first.report().id());
    }

    @Test
    void aModelThatCannotBeUsedIsLeftOutAndSaidSo() {
        lab.objects.put(Keys.model("broken"), "no model".getBytes(StandardCharsets.UTF_8), "application/octet-stream");
        Current made = reports.report(CurrentSpec.everything("eyes-test"), Progress.none());
        assertThat(made.report().rows()).extracting(Report.Row::model).containsOnly("tiny-1", "tiny-2");
        assertThat(made.leftOut()).singleElement().satisfies(left -> {
            assertThat(left.model()).isEqualTo("broken");
            assertThat(left.why()).contains("broken");
        });
    }

    @Test
    void withoutEvaluatingWhatIsThereIsReportedAndNoMore() {
        Perturbation noise = crafted(List.of(), "random");
        crafted(List.of("tiny-1"), "pgd");
        lab.evaluating.evaluate(lab.models.get("tiny-1"), lab.datasets.get("eyes-test"), null, Progress.none());
        lab.evaluating.evaluate(lab.models.get("tiny-1"), lab.datasets.get("eyes-test"), noise, Progress.none());
        Current made = reports.report(new CurrentSpec(null, "eyes-test", ALL, ALL, false), Progress.none());
        assertThat(made.report().rows()).hasSize(2).allMatch(row -> row.model().equals("tiny-1"));
        assertThat(made.leftOut()).extracting(CurrentReports.LeftOut::model).containsExactly("tiny-2");
    }

    @Test
    void whereNoModelIsLeftItIsSaidWhy() {
        assertThatThrownBy(() ->
                        reports.report(new CurrentSpec(null, "eyes-test", ALL, List.of(), false), Progress.none()))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("tiny-1")
                .hasMessageContaining("not evaluated");
    }

    @Test
    void whatIsNamedMustBeThere() {
        assertThatThrownBy(() -> reports.report(
                        new CurrentSpec(null, "eyes-test", List.of("tiny-1"), List.of(), false), Progress.none()))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("sclera evaluate");
    }

    private Perturbation crafted(List<String> models, String attack) {
        return lab.crafting.craft(
                new CraftSpec(attack, models, "eyes-train", Laboratory.settings(8 / 255.0, 1, 7)), Progress.none());
    }
}
