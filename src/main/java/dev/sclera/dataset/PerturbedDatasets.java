package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.image.Png;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes datasets of perturbed images that other tools can read: PNG files, labels and a manifest. */
@Singleton
public class PerturbedDatasets {

    private final Artifacts artifacts;
    private final Datasets datasets;
    private final Perturbations perturbations;

    @Inject
    public PerturbedDatasets(Artifacts artifacts, Datasets datasets, Perturbations perturbations) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
    }

    /** The record, or nothing where the dataset was not perturbed with this yet. */
    public Optional<PerturbedDataset> find(Dataset dataset, Perturbation perturbation) {
        return artifacts.find(Keys.perturbed(dataset.versionedName(), perturbation.id()), PerturbedDataset.class);
    }

    /**
     * Writes every image of a dataset under a perturbation, {@code round(255·clip(x + δ, 0, 1))}, as
     * {@code images/<name>.png}, then {@code labels.csv}, and last the manifest. What is there already, from a run that
     * was cut off or from another writer, is adopted as it is; where the manifest is there, nothing is done.
     *
     * @throws InvalidValueException where δ has another size than the images
     */
    public PerturbedDataset generate(Dataset dataset, Perturbation perturbation, Progress progress) {
        perturbation.requireFits(dataset);
        return find(dataset, perturbation).orElseGet(() -> make(dataset, perturbation, progress));
    }

    private PerturbedDataset make(Dataset dataset, Perturbation perturbation, Progress progress) {
        Instant started = Instant.now();
        Delta delta = perturbations.read(perturbation);
        String folder = dataset.versionedName();
        Set<String> there =
                new HashSet<>(artifacts.objects().list(Keys.perturbedFile(folder, perturbation.id(), "images/")));
        List<PerturbedDataset.Image> images = new ArrayList<>(dataset.images());
        StringBuilder labels = new StringBuilder("image,grade\n");
        try (Progress.Task task = progress.start("perturbing " + dataset.name(), dataset.images())) {
            for (int shard = 0; shard < dataset.shards().size(); shard++) {
                Images attacked = delta.applyTo(datasets.read(dataset, shard));
                images.addAll(write(attacked, folder, perturbation.id(), there, task));
                for (int i = 0; i < attacked.count(); i++) {
                    String path = file(attacked.names().get(i));
                    labels.append(quoted(path))
                            .append(',')
                            .append(attacked.grades()[i])
                            .append('\n');
                }
            }
        }
        String labelsKey = Keys.perturbedFile(folder, perturbation.id(), "labels.csv");
        byte[] stored = artifacts
                .objects()
                .createOrAdopt(labelsKey, labels.toString().getBytes(StandardCharsets.UTF_8), "text/csv");
        Recipe recipe = new Recipe(
                "perturbed-dataset/1", Map.of(), Map.of("dataset", dataset.id(), "perturbation", perturbation.id()));
        Instant now = Instant.now();
        return artifacts.publish(
                Keys.perturbed(folder, perturbation.id()),
                new PerturbedDataset(
                        PerturbedDataset.SCHEMA,
                        recipe.id(),
                        dataset.name(),
                        dataset.id(),
                        perturbation.id(),
                        dataset.height(),
                        dataset.width(),
                        labelsKey,
                        Sha256.of(stored),
                        images,
                        recipe,
                        new Provenance(
                                Map.of("java", Runtime.version().toString()),
                                now,
                                (now.toEpochMilli() - started.toEpochMilli()) / 1000.0)));
    }

    private List<PerturbedDataset.Image> write(
            Images attacked, String folder, String perturbation, Set<String> there, Progress.Task task) {
        PerturbedDataset.@Nullable Image[] written = new PerturbedDataset.Image[attacked.count()];
        Parallel.forEach(attacked.count(), Integer.MAX_VALUE, i -> {
            String name = attacked.names().get(i);
            String key = Keys.perturbedFile(folder, perturbation, file(name));
            byte[] stored = there.contains(key)
                    ? artifacts.objects().get(key)
                    : artifacts
                            .objects()
                            .createOrAdopt(
                                    key,
                                    Png.encode(
                                            attacked.height(),
                                            attacked.width(),
                                            attacked.pixels(),
                                            i * attacked.stride()),
                                    "image/png");
            written[i] = new PerturbedDataset.Image(name, attacked.grades()[i], key, Sha256.of(stored));
            task.advance(1);
        });
        return Arrays.stream(written).map(image -> requireNonNull(image)).toList();
    }

    /** Where an image is below the folder; names of a dataset are unique without their endings too. */
    private static String file(String name) {
        return "images/" + FolderFiles.withoutEnding(name) + ".png";
    }

    private static String quoted(String field) {
        return field.matches("[^\",\\r\\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
