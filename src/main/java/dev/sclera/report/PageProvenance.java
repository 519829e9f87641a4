package dev.sclera.report;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.report.ReportContent.Crafted;
import dev.sclera.store.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a report's figures are from, as a table of the page.
 *
 * @param caption what it lists
 * @param headings of the columns
 * @param rows the cells
 */
record PageProvenance(String caption, List<String> headings, List<List<String>> rows) {

    static List<PageProvenance> of(ReportContent content) {
        return List.of(
                dataset(content.dataset()),
                models(content.findings()),
                perturbations(content.perturbations()),
                evaluations(content.findings()),
                software(content));
    }

    private static PageProvenance dataset(Dataset dataset) {
        return new PageProvenance(
                "Dataset",
                List.of("Name", "Split", "Images", "Per grade", "Rejected at import", "Size", "Id"),
                List.of(List.of(
                        dataset.name(),
                        dataset.split(),
                        Wording.count(dataset.images()),
                        dataset.imagesPerGrade().stream().map(Wording::count).collect(Collectors.joining(" / ")),
                        Wording.count(dataset.rejected()),
                        dataset.width() + " × " + dataset.height(),
                        dataset.id())));
    }

    private static PageProvenance models(List<Finding> findings) {
        return new PageProvenance(
                "Models",
                List.of("Name", "Id"),
                findings.stream()
                        .map(Finding::evaluation)
                        .map(evaluation -> List.of(evaluation.model(), evaluation.modelId()))
                        .distinct()
                        .toList());
    }

    private static PageProvenance perturbations(List<Crafted> perturbations) {
        return new PageProvenance(
                "Perturbations",
                List.of("Attack", "Against", "Bound", "Seed", "Id"),
                perturbations.stream()
                        .map(Crafted::record)
                        .map(record -> List.of(
                                record.attack(),
                                Objects.requireNonNullElse(record.source().orElse(null), "–"),
                                Wording.bound(record.norm(), record.epsilon()),
                                seed(record),
                                record.id()))
                        .toList());
    }

    private static PageProvenance evaluations(List<Finding> findings) {
        return new PageProvenance(
                "Evaluations",
                List.of("Model", "Images", "Id"),
                findings.stream()
                        .map(finding -> List.of(
                                finding.row().model(),
                                Wording.variant(finding.row()),
                                finding.evaluation().id()))
                        .toList());
    }

    private static PageProvenance software(ReportContent content) {
        List<Provenance> all = new ArrayList<>();
        all.add(content.dataset().provenance());
        content.perturbations().forEach(crafted -> all.add(crafted.record().provenance()));
        content.findings().stream()
                .map(Finding::evaluation)
                .map(Evaluation::provenance)
                .forEach(all::add);
        Map<String, TreeSet<String>> versions = new TreeMap<>();
        all.forEach(provenance -> provenance
                .software()
                .forEach((name, version) ->
                        versions.computeIfAbsent(name, key -> new TreeSet<>()).add(version)));
        return new PageProvenance(
                "Software that made the dataset, the perturbations and the evaluations",
                List.of("Name", "Version"),
                versions.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), String.join(", ", entry.getValue())))
                        .toList());
    }

    private static String seed(Perturbation record) {
        return Objects.toString(record.recipe().parameters().get("seed"), "–");
    }
}
