package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.model.Model;
import dev.sclera.model.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is made from.
 *
 * @param model the original grader
 * @param onnx its file; null where it is in the store
 * @param dataset of the training images
 * @param division which images train and which validate
 * @param perturbations to train on, sorted by id
 * @param deltas of the perturbations
 */
record FinetuneInputs(
        Model model,
        byte @Nullable [] onnx,
        Dataset dataset,
        Division division,
        List<Perturbation> perturbations,
        List<Delta> deltas) {

    /** Of a grader in the store. */
    FinetuneInputs(
            Model model, Dataset dataset, Division division, List<Perturbation> perturbations, List<Delta> deltas) {
        this(model, null, dataset, division, perturbations, deltas);
    }

    /** Of a grader that is nowhere yet, to be trained on clean images. */
    static FinetuneInputs clean(Network network, Dataset dataset, Division division) {
        return new FinetuneInputs(network.model(), network.onnx(), dataset, division, List.of(), List.of());
    }
}
