package dev.sclera.functions.perturb;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.dataset.PerturbedDataset;
import dev.sclera.dataset.PerturbedDatasets;
import dev.sclera.progress.Progress;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.Keys;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Adds a perturbation to every image of a dataset, and writes them as 8-bit PNG files. */
@Singleton
public class PerturbFunction {

    private final Datasets datasets;
    private final Perturbations perturbations;
    private final PerturbedDatasets perturbedDatasets;
    private final Progress progress;

    public PerturbFunction(
            Datasets datasets, Perturbations perturbations, PerturbedDatasets perturbedDatasets, Progress progress) {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.perturbedDatasets = requireNonNull(perturbedDatasets, "perturbedDatasets is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Perturbs. */
    @Funq("perturb")
    @Measured("perturb")
    public PerturbResult perturb(@Nullable PerturbRequest request) {
        PerturbRequest asked = StrictRecord.require(request);
        Dataset dataset = datasets.get(ArtifactName.of("dataset", "datasets", asked.dataset()));
        Perturbation perturbation =
                perturbations.get(ArtifactName.of("perturbation", "perturbations", asked.perturbation()));
        PerturbedDataset perturbed = perturbedDatasets.generate(dataset, perturbation, progress);
        return new PerturbResult(
                Keys.perturbed(dataset.versionedName(), perturbation.id()),
                perturbed.labels(),
                perturbed.images().size());
    }
}
