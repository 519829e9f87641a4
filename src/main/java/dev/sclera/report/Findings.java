package dev.sclera.report;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the evaluation of every model under every variant, in the order in which a report lists them. */
final class Findings {

    private Findings() {}

    /**
     * The findings of a report: model by model in the specification's order, and of each the clean images, the
     * controls, the perturbations crafted against it, and those crafted against others.
     *
     * @param perturbations the records of the specification's perturbations, in its order
     * @param present whether a perturbed evaluation may be missing, and is left out then
     * @throws MissingArtifactException where an evaluation is missing
     * @throws InvalidValueException where two evaluations contradict each other
     */
    static List<Finding> of(
            ReportSpec spec,
            Dataset dataset,
            List<Perturbation> perturbations,
            List<Evaluation> evaluations,
            boolean present) {
        List<Finding> findings = new ArrayList<>();
        for (String model : spec.models()) {
            List<Finding> ofModel = new ArrayList<>();
            ofModel.add(Finding.of(only(model, dataset, null, evaluations), null));
            for (Perturbation perturbation : perturbations) {
                if (!present || !of(model, dataset, perturbation, evaluations).isEmpty()) {
                    ofModel.add(Finding.of(only(model, dataset, perturbation, evaluations), perturbation));
                }
            }
            requireOneUpload(model, ofModel);
            ofModel.sort(Comparator.comparing(finding -> finding.row().access()));
            findings.addAll(ofModel);
        }
        return List.copyOf(findings);
    }

    private static Evaluation only(
            String model, Dataset dataset, @Nullable Perturbation perturbation, List<Evaluation> evaluations) {
        List<Evaluation> found = of(model, dataset, perturbation, evaluations);
        if (found.isEmpty()) {
            throw missing(model, dataset, perturbation);
        }
        if (found.stream().map(Evaluation::id).distinct().count() > 1) {
            throw new InvalidValueException(
                    "evaluations",
                    String.join(", ", found.stream().map(Evaluation::id).toList()),
                    "one evaluation of model \"%s\" on dataset \"%s\" per variant; leave out those of earlier uploads"
                            .formatted(model, dataset.name()));
        }
        return found.get(0);
    }

    private static List<Evaluation> of(
            String model, Dataset dataset, @Nullable Perturbation perturbation, List<Evaluation> evaluations) {
        String variant = perturbation == null ? null : perturbation.id();
        return evaluations.stream()
                .filter(evaluation -> evaluation.model().equals(model)
                        && evaluation.datasetId().equals(dataset.id())
                        && Objects.equals(evaluation.perturbation(), variant))
                .toList();
    }

    private static MissingArtifactException missing(
            String model, Dataset dataset, @Nullable Perturbation perturbation) {
        String variant = perturbation == null ? "on clean images" : "under perturbation " + perturbation.id();
        String option = perturbation == null ? "" : " --perturbation " + perturbation.id();
        return new MissingArtifactException(
                "evaluations",
                ("There is no evaluation of model \"%s\" on dataset \"%s\" %s, so it cannot be reported. Make it with the"
                                + " function \"evaluate\", or on the command line with"
                                + " `sclera evaluate --model %s --dataset %s%s`, and report again.")
                        .formatted(model, dataset.name(), variant, model, dataset.name(), option));
    }

    private static void requireOneUpload(String model, List<Finding> findings) {
        List<String> ids = findings.stream()
                .map(finding -> finding.evaluation().modelId())
                .distinct()
                .toList();
        if (ids.size() > 1) {
            throw new InvalidValueException(
                    "evaluations",
                    String.join(", ", ids),
                    "evaluations of one and the same upload of model \"%s\"; evaluate it again on every variant"
                            .formatted(model));
        }
    }
}
