package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.model.Model;
import dev.sclera.model.ModelWeights;
import dev.sclera.model.Models;
import dev.sclera.model.Network;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.ProblemException;
import dev.sclera.progress.Interruption;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Trains graders, ONNX in, ONNX out: a {@linkplain FinetuneRun run of fine-tuning} without perturbations, on a network
 * that need not know anything. The same recipe is trained once; one that was cut off goes on from its last checkpoint.
 */
@Singleton
public class Training {

    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final String RECORD = "training.json";

    private final Artifacts artifacts;
    private final Models models;
    private final Datasets datasets;
    private final Duration pause;

    @Inject
    public Training(Artifacts artifacts, Models models, Datasets datasets) {
        this(artifacts, models, datasets, PAUSE);
    }

    /** @param pause between checkpoints within an epoch */
    Training(Artifacts artifacts, Models models, Datasets datasets, Duration pause) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.pause = requireNonNull(pause, "pause is null");
    }

    /**
     * Trains a network, and keeps it among the models; or finds that done.
     *
     * @param network what is trained, with the weights to begin with; its name is not looked at
     * @throws InvalidValueException where a value is not allowed, the datasets do not fit each other, or training
     *     diverges
     * @throws MissingArtifactException where a dataset is not there
     * @throws ConflictException where the name is another model's
     */
    public TrainedGrader run(Network network, TrainingSpec said, Progress progress) {
        FinetuneSpec spec = said.asFinetuning();
        Dataset dataset = datasets.get(spec.dataset());
        Division division = Division.of(datasets, dataset, spec);
        Recipe recipe = recipe(spec, network.model(), dataset, division);
        Optional<TrainedGrader> done = artifacts.find(key(recipe.id()), TrainedGrader.class);
        models.requireFree(spec.model(), done.map(TrainedGrader::onnxSha256).orElse(""));
        FinetuneInputs inputs = FinetuneInputs.clean(network, dataset, division);
        TrainedGrader trained = done.orElseGet(() -> train(spec, inputs, network.onnx(), recipe, progress));
        models.register(
                spec.model(), artifacts.objects().get(trained.onnx(), trained.onnxSha256()), trained.descriptor());
        new FinetuneCheckpoint(artifacts.objects(), recipe.id()).delete();
        return trained.named(spec.model());
    }

    /** The key of the record of a grader that was trained. */
    static String key(String id) {
        return Keys.finetuneFile(id, RECORD);
    }

    private TrainedGrader train(
            FinetuneSpec spec, FinetuneInputs inputs, byte[] onnx, Recipe recipe, Progress progress) {
        Instant started = Instant.now();
        FinetuneCheckpoint checkpoint = new FinetuneCheckpoint(artifacts.objects(), recipe.id());
        FinetuneJob job = new FinetuneJob(FinetuneJob.SCHEMA, recipe.id(), spec, spec.model(), recipe);
        long images = (long) spec.optimisation().epochs()
                * inputs.division().training().size();
        FinetuneJournal journal = new FinetuneJournal(artifacts, job, images);
        Deltas none = new Deltas(inputs, 0, spec.optimisation().epochs(), null, artifacts.objects(), checkpoint);
        FinetuneRun.Repaired made;
        try {
            made = new FinetuneRun(spec, inputs, models, datasets, none, checkpoint, pause, Interruption.NONE, journal)
                    .run(progress);
        } catch (ProblemException e) {
            journal.failed(String.valueOf(e.getMessage()));
            throw e;
        }
        byte[] file = ModelWeights.write(onnx, made.weights(), Map.of("sclera.training", recipe.id()));
        String key = Keys.finetuneFile(recipe.id(), "model.onnx");
        byte[] kept = artifacts.objects().createOrAdopt(key, file, "application/octet-stream");
        journal.succeeded(made.log().size() - 1);
        return artifacts.publish(
                key(recipe.id()),
                new TrainedGrader(
                        TrainedGrader.SCHEMA,
                        recipe.id(),
                        spec.model(),
                        key,
                        Sha256.of(kept),
                        inputs.model().descriptor(),
                        inputs.dataset().name(),
                        made.bestEpoch(),
                        made.log(),
                        recipe,
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    private static Recipe recipe(FinetuneSpec spec, Model network, Dataset dataset, Division division) {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("optimisation", spec.optimisation().parameters());
        parameters.put("batchStatistics", spec.batchStatistics());
        parameters.put("augmentation", spec.augmentation().parameters());
        parameters.put("patience", spec.stopping().patience());
        parameters.put("seed", spec.seed());
        Map<String, String> roles = new TreeMap<>();
        roles.put("network", network.id());
        roles.put("dataset", dataset.id());
        if (spec.validation() == null) {
            parameters.put("validationShare", spec.validationShare());
        } else {
            roles.put("validation", division.validationDataset().id());
        }
        return new Recipe("training/1", parameters, roles);
    }
}
