package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.attack.Crafting;
import dev.sclera.dataset.Perturbations;
import dev.sclera.dataset.PerturbedDatasets;
import dev.sclera.defense.Ensembling;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Models;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What a campaign's steps are done with. */
@Singleton
public class Workbench {

    private final Models models;
    private final Crafting crafting;
    private final PerturbedDatasets perturbedDatasets;
    private final Evaluating evaluating;
    private final Repairing repairing;
    private final Ensembling ensembling;
    private final Perturbations perturbations;
    private final Grading grading;

    @Inject
    public Workbench(
            Models models,
            Crafting crafting,
            PerturbedDatasets perturbedDatasets,
            Evaluating evaluating,
            Repairing repairing,
            Ensembling ensembling,
            Perturbations perturbations,
            Grading grading) {
        this.models = requireNonNull(models, "models is null");
        this.crafting = requireNonNull(crafting, "crafting is null");
        this.perturbedDatasets = requireNonNull(perturbedDatasets, "perturbedDatasets is null");
        this.evaluating = requireNonNull(evaluating, "evaluating is null");
        this.repairing = requireNonNull(repairing, "repairing is null");
        this.ensembling = requireNonNull(ensembling, "ensembling is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.grading = requireNonNull(grading, "grading is null");
    }

    Models models() {
        return models;
    }

    Crafting crafting() {
        return crafting;
    }

    PerturbedDatasets perturbedDatasets() {
        return perturbedDatasets;
    }

    Evaluating evaluating() {
        return evaluating;
    }

    Repairing repairing() {
        return repairing;
    }

    Ensembling ensembling() {
        return ensembling;
    }

    Perturbations perturbations() {
        return perturbations;
    }

    Grading grading() {
        return grading;
    }

    /** The same, with repairs made in another way. */
    Workbench with(Repairing other) {
        return new Workbench(
                models, crafting, perturbedDatasets, evaluating, other, ensembling, perturbations, grading);
    }
}
