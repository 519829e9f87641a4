package dev.sclera.report;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Grading;
import dev.sclera.evaluation.Prediction;
import dev.sclera.evaluation.PredictionSet;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.report.Report.Row;
import dev.sclera.report.ReportContent.Crafted;
import dev.sclera.report.ReportContent.Strip;
import dev.sclera.store.Artifacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads from the store what a report shows. */
final class Gathering {

    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Grading grading;
    private final Artifacts artifacts;

    Gathering(Datasets datasets, Perturbations perturbations, Grading grading, Artifacts artifacts) {
        this.datasets = datasets;
        this.perturbations = perturbations;
        this.grading = grading;
        this.artifacts = artifacts;
    }

    ReportContent gather(String id, String title, Dataset dataset, List<Perturbation> records, List<Finding> findings) {
        List<Crafted> crafted = records.stream()
                .map(record -> new Crafted(record, perturbations.read(record)))
                .toList();
        Map<String, Delta> deltas =
                crafted.stream().collect(Collectors.toMap(each -> each.record().id(), Crafted::delta));
        Map<String, Evaluation> evaluations = findings.stream()
                .map(Finding::evaluation)
                .collect(Collectors.toMap(Evaluation::id, Function.identity(), (first, second) -> first));
        List<ModelRows> models =
                ModelRows.of(findings.stream().map(Finding::row).toList());
        int most = PhotoChoice.most(models.size());
        List<Strip> strips = new ArrayList<>();
        for (ModelRows rows : models) {
            Optional<Row> hit = rows.strongestOwn();
            if (hit.isPresent()) {
                List<Prediction> before =
                        predictions(evaluations.get(rows.clean().evaluation()));
                List<Prediction> after = predictions(evaluations.get(hit.get().evaluation()));
                List<Integer> chosen = PhotoChoice.choose(before, after, most);
                Images clean = photographs(dataset, before, chosen);
                strips.add(new Strip(
                        hit.get(),
                        clean,
                        deltas.get(hit.get().perturbation()).applyTo(clean),
                        chosen.stream().map(before::get).toList(),
                        chosen.stream().map(after::get).toList()));
            }
        }
        return new ReportContent(id, title, dataset, findings, crafted, strips);
    }

    private List<Prediction> predictions(Evaluation evaluation) {
        return grading.read(artifacts.get("evaluations", evaluation.predictions(), PredictionSet.class));
    }

    private Images photographs(Dataset dataset, List<Prediction> predictions, List<Integer> chosen) {
        int stride = dataset.height() * dataset.width() * 3;
        byte[] pixels = new byte[chosen.size() * stride];
        Map<Integer, List<Integer>> byShard = new TreeMap<>();
        int[] starts = starts(dataset);
        for (int slot = 0; slot < chosen.size(); slot++) {
            byShard.computeIfAbsent(shardOf(starts, chosen.get(slot)), shard -> new ArrayList<>())
                    .add(slot);
        }
        byShard.forEach((shard, slots) -> {
            Images images = datasets.read(dataset, shard);
            for (int slot : slots) {
                int at = chosen.get(slot) - starts[shard];
                String name = predictions.get(chosen.get(slot)).image();
                if (!images.names().get(at).equals(name)) {
                    throw new CorruptArtifactException(
                            dataset.shards().get(shard).pixels(),
                            ("The predictions name image \"%s\" where dataset \"%s\" has \"%s\": they are of another"
                                            + " dataset. Evaluate the models again, and report again.")
                                    .formatted(
                                            name, dataset.name(), images.names().get(at)));
                }
                System.arraycopy(images.pixels(), at * stride, pixels, slot * stride, stride);
            }
        });
        return new Images(
                dataset.height(),
                dataset.width(),
                pixels,
                chosen.stream().mapToInt(i -> predictions.get(i).truth()).toArray(),
                chosen.stream().map(i -> predictions.get(i).image()).toList());
    }

    private static int[] starts(Dataset dataset) {
        int[] starts = new int[dataset.shards().size()];
        for (int shard = 1; shard < starts.length; shard++) {
            starts[shard] = starts[shard - 1] + dataset.shards().get(shard - 1).count();
        }
        return starts;
    }

    private static int shardOf(int[] starts, int position) {
        int shard = starts.length - 1;
        while (starts[shard] > position) {
            shard--;
        }
        return shard;
    }
}
