package dev.sclera.defense;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.model.Model;

/**
 * Crafts a perturbation anew, against a grader in the midst of its repair. The same request gives the same δ: a job
 * that was cut off ends with the same model.
 */
@FunctionalInterface
public interface Recrafting {

    /**
     * Crafts δ, of the size of the dataset's images.
     *
     * @param alive is told again and again that the work goes on
     */
    Delta craft(Request request, Runnable alive);

    /**
     * What to craft.
     *
     * @param model the original grader
     * @param onnx its file with the weights as they are now; shared, not to be written to
     * @param dataset the training images, those that are held out among them
     * @param perturbation the perturbation to be followed up: its attack, norm and epsilon, its recipe's parameters
     * @param epoch how many epochs are done
     */
    record Request(Model model, byte[] onnx, Dataset dataset, Perturbation perturbation, int epoch) {}
}
