package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Prediction;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.report.Report.Access;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private final Images images = MadeUp.images(20, 8);
    private final Dataset dataset = MadeUp.dataset("aptos-test", images);
    private final Delta delta = MadeUp.delta(8, 0.03, 1);
    private final Perturbation againstA = MadeUp.perturbation("pgd", "a", "linf", 0.03, delta);
    private final Perturbation noise = MadeUp.perturbation("random", null, "linf", 0.03, delta);
    private final Perturbation againstB = MadeUp.perturbation("pgd", "b", "linf", 0.03, delta);
    private final List<Perturbation> perturbations = List.of(againstA, noise, againstB);
    private final ReportSpec spec = new ReportSpec(
            "t",
            "aptos-test",
            List.of("b", "a"),
            perturbations.stream().map(Perturbation::id).toList());

    @Test
    void rowsAreInOrderAndSayWhatThePerturbationIsToTheModel() {
        assertThat(Findings.of(spec, dataset, perturbations, evaluations(), false))
                .extracting(Finding::row)
                .extracting(Report.Row::model, Report.Row::access, Report.Row::source)
                .containsExactly(
                        tuple("b", Access.CLEAN, null),
                        tuple("b", Access.CONTROL, null),
                        tuple("b", Access.WHITE_BOX, "b"),
                        tuple("b", Access.TRANSFER, "a"),
                        tuple("a", Access.CLEAN, null),
                        tuple("a", Access.CONTROL, null),
                        tuple("a", Access.WHITE_BOX, "a"),
                        tuple("a", Access.TRANSFER, "b"));
    }

    @Test
    void aMissingEvaluationIsNamedWithTheCommandThatMakesIt() {
        List<Evaluation> evaluations = new ArrayList<>(evaluations());
        evaluations.removeIf(
                evaluation -> evaluation.model().equals("a") && noise.id().equals(evaluation.perturbation()));

        assertThatThrownBy(() -> Findings.of(spec, dataset, perturbations, evaluations, false))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("model \"a\" on dataset \"aptos-test\" under perturbation " + noise.id())
                .hasMessageContaining("sclera evaluate --model a --dataset aptos-test --perturbation " + noise.id());
    }

    @Test
    void anEvaluationOnOtherImagesUnderTheSameNameDoesNotCount() {
        Dataset imported = new Dataset(
                dataset.schema(),
                dataset.name(),
                MadeUp.id("imported anew"),
                dataset.split(),
                dataset.height(),
                dataset.width(),
                dataset.grades(),
                dataset.images(),
                dataset.imagesPerGrade(),
                dataset.rejected(),
                dataset.shards(),
                dataset.index(),
                dataset.indexSha256(),
                dataset.recipe(),
                dataset.provenance());

        assertThatThrownBy(() -> Findings.of(spec, imported, perturbations, evaluations(), false))
                .isInstanceOf(MissingArtifactException.class)
                .hasMessageContaining("model \"b\" on dataset \"aptos-test\" on clean images");
    }

    private List<Evaluation> evaluations() {
        List<Evaluation> evaluations = new ArrayList<>();
        for (String model : List.of("a", "b")) {
            List<Prediction> clean = MadeUp.predictions(model, images, null);
            evaluations.add(MadeUp.evaluation(model, dataset, null, clean, clean));
            for (Perturbation perturbation : perturbations) {
                evaluations.add(MadeUp.evaluation(
                        model, dataset, perturbation, clean, MadeUp.predictions(model, images, perturbation)));
            }
        }
        return evaluations;
    }
}
