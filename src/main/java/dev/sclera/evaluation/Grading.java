package dev.sclera.evaluation;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.dataset.Photograph;
import dev.sclera.model.Grade;
import dev.sclera.model.Grader;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Has models grade datasets, shard by shard; what is graded already is not graded again. */
@Singleton
public class Grading {

    private static final String JSON_LINES = "application/x-ndjson";

    private final Artifacts artifacts;
    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;

    @Inject
    public Grading(Artifacts artifacts, Models models, Datasets datasets, Perturbations perturbations) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
    }

    /** The predictions of a model on a dataset, clean or with a perturbation added and rounded to 8 bits. */
    public PredictionSet grade(Model model, Dataset dataset, @Nullable Perturbation perturbation, Progress progress) {
        if (perturbation != null) {
            perturbation.requireFits(dataset);
        }
        Location location = Location.of(model, dataset, perturbation);
        Optional<PredictionSet> graded = artifacts.find(location.record(), PredictionSet.class);
        return graded.orElseGet(() -> grade(model, dataset, perturbation, location, progress));
    }

    private PredictionSet grade(
            Model model, Dataset dataset, @Nullable Perturbation perturbation, Location location, Progress progress) {
        Instant started = Instant.now();
        Delta delta = perturbation == null ? null : perturbations.read(perturbation);
        Set<String> present = new HashSet<>(artifacts.objects().list(location.file("")));
        List<PredictionSet.Shard> shards = new ArrayList<>();
        String task = "grading %s on %s images"
                .formatted(model.name(), perturbation == null ? "clean" : perturbation.attack());
        try (Progress.Task shown = progress.start(task, dataset.images());
                LazyGrader grader = new LazyGrader(models, model, dataset)) {
            for (int shard = 0; shard < dataset.shards().size(); shard++) {
                String key = location.file("%05d.jsonl".formatted(shard));
                byte[] lines;
                if (present.contains(key)) {
                    lines = artifacts.objects().get(key);
                    shown.advance(dataset.shards().get(shard).count());
                } else {
                    lines = grade(dataset, delta, shard, grader, key, shown);
                }
                shards.add(new PredictionSet.Shard(
                        key, Sha256.of(lines), dataset.shards().get(shard).count()));
            }
        }
        Recipe recipe = location.recipe();
        return artifacts.publish(
                location.record(),
                new PredictionSet(
                        PredictionSet.SCHEMA,
                        recipe.id(),
                        model.name(),
                        dataset.name(),
                        perturbation == null ? null : perturbation.id(),
                        dataset.images(),
                        shards,
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    /**
     * Grades one shard of a dataset, for {@link #grade} to find; one that is graded already is not graded again. Where
     * a dataset is large, whoever has other machines gives each a shard.
     *
     * @param shard from 0
     */
    public void gradeShard(
            Model model, Dataset dataset, @Nullable Perturbation perturbation, int shard, Progress progress) {
        if (perturbation != null) {
            perturbation.requireFits(dataset);
        }
        Location location = Location.of(model, dataset, perturbation);
        String key = location.file("%05d.jsonl".formatted(shard));
        if (artifacts.objects().exists(key)) {
            return;
        }
        String task = "grading %s on shard %d of %s".formatted(model.name(), shard, dataset.name());
        try (Progress.Task shown =
                        progress.start(task, dataset.shards().get(shard).count());
                LazyGrader grader = new LazyGrader(models, model, dataset)) {
            grade(dataset, perturbation == null ? null : perturbations.read(perturbation), shard, grader, key, shown);
        }
    }

    private byte[] grade(
            Dataset dataset, @Nullable Delta delta, int shard, LazyGrader grader, String key, Progress.Task shown) {
        Images clean = datasets.read(dataset, shard);
        Images seen = delta == null ? clean : delta.applyTo(clean);
        List<Grade> grades = grader.get().grade(seen, shown::advance);
        return artifacts.objects().createOrAdopt(key, PredictionLines.write(seen, grades), JSON_LINES);
    }

    /** The key of the record of these predictions, whether they are there or not. */
    public String key(Model model, Dataset dataset, @Nullable Perturbation perturbation) {
        return Location.of(model, dataset, perturbation).record();
    }

    /** The predictions themselves, in the dataset's order, checked against the record's digests. */
    public List<Prediction> read(PredictionSet predictions) {
        List<Prediction> all = new ArrayList<>(predictions.images());
        for (PredictionSet.Shard shard : predictions.shards()) {
            all.addAll(PredictionLines.read(shard.key(), artifacts.objects().get(shard.key(), shard.sha256())));
        }
        return all;
    }

    /**
     * The prediction of one encoded photograph in the store (JPEG, PNG, …), brought to the model's own resolution; its
     * truth is −1.
     *
     * @param key of an object in the bucket
     */
    public Prediction gradeImage(Model model, String key) {
        Images image = Photograph.canonical(
                key, artifacts.objects().get(key), model.descriptor().height());
        try (Grader grader = models.grader(model, image.height(), image.width())) {
            Grade grade = grader.grade(image, graded -> {}).get(0);
            return PredictionLines.prediction(key, -1, grade);
        }
    }

    /** Loads the model when the first shard needs it: to find everything graded costs no loading. */
    private static final class LazyGrader implements AutoCloseable {

        private final Models models;
        private final Model model;
        private final Dataset dataset;
        private @Nullable Grader grader;

        LazyGrader(Models models, Model model, Dataset dataset) {
            this.models = models;
            this.model = model;
            this.dataset = dataset;
        }

        Grader get() {
            if (grader == null) {
                grader = models.grader(model, dataset.height(), dataset.width());
            }
            return grader;
        }

        @Override
        public void close() {
            if (grader != null) {
                grader.close();
            }
        }
    }

    /** Where the predictions of one model on one variant are: below the names, and the ids behind them. */
    private record Location(String model, String dataset, String variant, Recipe recipe) {

        static Location of(Model model, Dataset dataset, @Nullable Perturbation perturbation) {
            Map<String, String> inputs = new TreeMap<>(Map.of("model", model.id(), "dataset", dataset.id()));
            if (perturbation != null) {
                inputs.put("perturbation", perturbation.id());
            }
            return new Location(
                    model.name() + "-" + model.id().substring(0, 8),
                    dataset.versionedName(),
                    perturbation == null ? "clean" : perturbation.id(),
                    new Recipe("predictions/1", Map.of("bits", 8), inputs));
        }

        String record() {
            return file("predictions.json");
        }

        String file(String name) {
            return Keys.predictions(model, dataset, variant, name);
        }
    }
}
