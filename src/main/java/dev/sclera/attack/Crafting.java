package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Crafts perturbations and publishes them; the same recipe is crafted once. */
@Singleton
public class Crafting {

    private final Models models;
    private final Datasets datasets;
    private final Perturbations perturbations;

    @Inject
    public Crafting(Models models, Datasets datasets, Perturbations perturbations) {
        this.models = requireNonNull(models, "models is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
    }

    /** Crafts what the specification says, or finds it crafted already. */
    public Perturbation craft(CraftSpec spec, Progress progress) {
        throw new UnsupportedOperationException(models.toString() + datasets + perturbations);
    }
}
