package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.model.Model;
import dev.sclera.model.ModelWeights;
import dev.sclera.model.Models;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.StorageException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Interruption;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import dev.sclera.store.Software;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Repairs graders by fine-tuning them on perturbed images, ONNX in, ONNX out; the same recipe is trained once. A job is
 * submitted here, and run wherever there is time for it.
 */
@Singleton
public class Finetuning {

    /** Often enough that little is lost, seldom enough that it costs nothing. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Artifacts artifacts;
    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;
    private final Duration pause;

    @Inject
    public Finetuning(Artifacts artifacts, Models models, Datasets datasets, Perturbations perturbations) {
        this(artifacts, models, datasets, perturbations, PAUSE);
    }

    /** @param pause between checkpoints within an epoch */
    Finetuning(Artifacts artifacts, Models models, Datasets datasets, Perturbations perturbations, Duration pause) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.pause = requireNonNull(pause, "pause is null");
    }

    /**
     * Validates a job and writes it down, for {@link #run} to find; one that was submitted before is found.
     *
     * @throws InvalidValueException where a value is not allowed, or the inputs do not fit each other
     * @throws MissingArtifactException where an input is gone
     * @throws ConflictException where the name is another model's
     */
    public FinetuneJob submit(FinetuneSpec spec) {
        spec.check();
        FinetuneInputs inputs = inputs(spec);
        FinetuneJob job = FinetuneRecipe.job(spec, inputs);
        models.requireFree(job.name(), find(job.id()).map(Finetune::onnxSha256).orElse(""));
        FinetuneJob submitted = artifacts.publish(Keys.finetuneFile(job.id(), "job.json"), job);
        String status = Keys.finetuneFile(job.id(), "status.json");
        if (!artifacts.objects().exists(status)) {
            long images = (long) spec.optimisation().epochs()
                    * inputs.division().training().size();
            artifacts.publish(status, FinetuneStatus.of(FinetuneStatus.State.QUEUED, spec, 0, 0, images));
        }
        return submitted;
    }

    /**
     * A job that was submitted.
     *
     * @throws MissingArtifactException where there is none
     */
    public FinetuneJob job(String id) {
        return artifacts
                .find(Keys.finetuneFile(id, "job.json"), FinetuneJob.class)
                .orElseThrow(() -> unknown(id));
    }

    /**
     * How far a job is.
     *
     * @throws MissingArtifactException where there is none
     */
    public FinetuneStatus status(String id) {
        return artifacts
                .find(Keys.finetuneFile(id, "status.json"), FinetuneStatus.class)
                .orElseThrow(() -> unknown(id));
    }

    private static MissingArtifactException unknown(String id) {
        return new MissingArtifactException(
                "finetune", "There is no fine-tuning job \"%s\". Submit it first, which gives its id.".formatted(id));
    }

    /** The record of a repair that is complete, or nothing. */
    public Optional<Finetune> find(String id) {
        return artifacts.find(Keys.finetune(id), Finetune.class);
    }

    /**
     * Submits a job and runs it here and now, or finds it done; the repaired grader is then among the models, under the
     * name that the specification says.
     *
     * @param recrafting who crafts perturbations anew; null where the specification never has them crafted
     */
    public Finetune run(FinetuneSpec spec, @Nullable Recrafting recrafting, Progress progress) {
        return run(spec, recrafting, Interruption.NONE, progress);
    }

    /**
     * Submits a job and runs it here and now, or finds it done, until somebody wants it to end.
     *
     * @param recrafting who crafts perturbations anew; null where the specification never has them crafted
     * @throws FinetuneInterruptedException where somebody did; all is saved then
     */
    public Finetune run(
            FinetuneSpec spec, @Nullable Recrafting recrafting, Interruption interruption, Progress progress) {
        FinetuneJob job = submit(spec);
        return under(spec, run(job.id(), recrafting, interruption, progress));
    }

    /** A repair under the name that a specification says, which may be another than the first one that asked for it. */
    private Finetune under(FinetuneSpec spec, Finetune finetune) {
        if (spec.name() == null || spec.name().equals(finetune.name())) {
            return finetune;
        }
        register(finetune, spec.name());
        return finetune.named(spec.name());
    }

    /**
     * Puts what a job that has succeeded made among the models, wherever it was run.
     *
     * @throws MissingArtifactException where it has not succeeded
     */
    public Finetune registered(FinetuneJob job, FinetuneSpec spec) {
        Finetune finetune = find(job.id())
                .orElseThrow(() -> new MissingArtifactException(
                        "finetune", "The fine-tuning job \"%s\" has not made a model yet.".formatted(job.id())));
        register(finetune, finetune.name());
        return under(spec, finetune);
    }

    /**
     * Runs a job that was submitted. One that was cut off goes on from its last checkpoint, and ends with the same
     * model. Its status tells how far it is, and why it failed.
     *
     * @param id of the job
     * @param recrafting who crafts perturbations anew; null where the job never has them crafted
     */
    public Finetune run(String id, @Nullable Recrafting recrafting, Progress progress) {
        return run(id, recrafting, Interruption.NONE, progress);
    }

    /**
     * Runs a job that was submitted, until it is done or somebody wants it to end.
     *
     * @param id of the job
     * @param recrafting who crafts perturbations anew; null where the job never has them crafted
     * @throws FinetuneInterruptedException where somebody did; all is saved then
     */
    public Finetune run(String id, @Nullable Recrafting recrafting, Interruption interruption, Progress progress) {
        FinetuneJob job = job(id);
        FinetuneStatus before = status(id);
        FinetuneJournal journal = new FinetuneJournal(artifacts, job, before.totalImages());
        try {
            Finetune finetune = find(id).orElseGet(() -> train(job, recrafting, interruption, journal, progress));
            register(finetune, finetune.name());
            if (before.state() != FinetuneStatus.State.SUCCEEDED) {
                new FinetuneCheckpoint(artifacts.objects(), id).delete();
                journal.succeeded(finetune.log().size() - 1);
            }
            return finetune;
        } catch (RuntimeException e) {
            tell(journal, e);
            throw e;
        }
    }

    private static String message(RuntimeException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** Writes down why a job ended early; where the store is the reason, that may fail too. */
    private static void tell(FinetuneJournal journal, RuntimeException failure) {
        if (failure instanceof HeldElsewhereException) {
            // the job is another process' now, which tells of it
            return;
        }
        try {
            if (failure instanceof WorkInterruptedException) {
                journal.interrupted();
            } else {
                journal.failed(message(failure));
            }
        } catch (StorageException e) {
            failure.addSuppressed(e);
        }
    }

    private void register(Finetune finetune, String name) {
        byte[] onnx = artifacts.objects().get(finetune.onnx(), finetune.onnxSha256());
        models.register(name, onnx, finetune.descriptor());
    }

    private Finetune train(
            FinetuneJob job,
            @Nullable Recrafting recrafting,
            Interruption interruption,
            FinetuneJournal journal,
            Progress progress) {
        Instant started = Instant.now();
        FinetuneSpec spec = job.spec();
        if (spec.recraftEvery() > 0 && recrafting == null) {
            throw new InvalidValueException(
                    "recraftEvery", spec.recraftEvery(), "0, for nobody here crafts perturbations anew");
        }
        FinetuneInputs inputs = inputs(spec);
        if (!FinetuneRecipe.of(spec, inputs).id().equals(job.id())) {
            throw new ConflictException(
                    "model",
                    "The model \"%s\", the dataset \"%s\", or Sclera's way to repair is another than when this job was submitted. Submit it again."
                            .formatted(spec.model(), spec.dataset()));
        }
        FinetuneCheckpoint checkpoint = new FinetuneCheckpoint(artifacts.objects(), job.id());
        Deltas deltas = new Deltas(
                inputs, spec.recraftEvery(), spec.optimisation().epochs(), recrafting, artifacts.objects(), checkpoint);
        FinetuneRun.Repaired repaired = new FinetuneRun(
                        spec, inputs, models, datasets, deltas, checkpoint, pause, interruption, journal)
                .run(progress);
        byte[] made = ModelWeights.write(
                models.onnx(inputs.model()), repaired.weights(), FinetuneRecipe.metadata(job, inputs));
        String key = Keys.finetuneFile(job.id(), "model.onnx");
        byte[] onnx = artifacts.objects().createOrAdopt(key, made, "application/octet-stream");
        EpochLine best = repaired.log().get(repaired.bestEpoch());
        return artifacts.publish(
                Keys.finetune(job.id()),
                new Finetune(
                        Finetune.SCHEMA,
                        job.id(),
                        inputs.model().name(),
                        inputs.model().id(),
                        job.name(),
                        key,
                        Sha256.of(onnx),
                        inputs.model().descriptor(),
                        inputs.perturbations().stream().map(Perturbation::id).toList(),
                        repaired.bestEpoch(),
                        best.withinBound(),
                        repaired.log(),
                        notes(spec, repaired.log().get(0), best),
                        job.recipe(),
                        Software.provenance(started, Duration.between(started, Instant.now()))));
    }

    private static List<String> notes(FinetuneSpec spec, EpochLine original, EpochLine best) {
        List<String> notes = new ArrayList<>();
        if (!best.withinBound()) {
            notes.add(
                    "No epoch kept the clean quadratic kappa within %s of the original's %.3f; the closest came to %.3f."
                            .formatted(
                                    spec.stopping().cleanLoss(),
                                    original.cleanQuadraticKappa(),
                                    best.cleanQuadraticKappa()));
        }
        boolean sameAttack = spec.recraftEvery() == 0 && spec.mix().pursuers() == 0;
        if (sameAttack && best.attackedQuadraticKappa() <= original.attackedQuadraticKappa()) {
            notes.add("The quadratic kappa under attack did not rise: %.3f before, %.3f after."
                    .formatted(original.attackedQuadraticKappa(), best.attackedQuadraticKappa()));
        }
        return notes;
    }

    /** Finds the inputs of a job, and sees that they fit each other. */
    private FinetuneInputs inputs(FinetuneSpec spec) {
        Model model = models.get(spec.model());
        Dataset dataset = datasets.get(spec.dataset());
        List<Perturbation> trained = spec.perturbations().stream()
                .map(perturbations::get)
                .distinct()
                .sorted(Comparator.comparing(Perturbation::id))
                .toList();
        trained.forEach(perturbation -> perturbation.requireFits(dataset));
        if (spec.mix().shift() >= Math.min(dataset.height(), dataset.width())) {
            throw new InvalidValueException(
                    "mix.shift",
                    spec.mix().shift(),
                    "less than the sides of the images, which are %d×%d".formatted(dataset.height(), dataset.width()));
        }
        return new FinetuneInputs(
                model,
                dataset,
                Division.of(datasets, dataset, spec),
                trained,
                trained.stream().map(perturbations::read).toList());
    }
}
