package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.model.Model;
import java.util.List;

/**
 * What a run is made from.
 *
 * @param model the original grader
 * @param dataset of the training images
 * @param division which images train and which validate
 * @param perturbations to train on, sorted by id
 * @param deltas of the perturbations
 */
record FinetuneInputs(
        Model model, Dataset dataset, Division division, List<Perturbation> perturbations, List<Delta> deltas) {}
