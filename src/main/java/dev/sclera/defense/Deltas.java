package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Npy;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The perturbations of each epoch: those of the job, or what they were last crafted anew as. */
final class Deltas {

    private final FinetuneInputs inputs;
    private final int every;
    private final @Nullable Recrafting recrafting;
    private final ObjectStore objects;
    private final FinetuneCheckpoint checkpoint;

    /**
     * Perturbations.
     *
     * @param every how many epochs they are crafted anew; 0 for never
     * @param recrafting who does it; needed only where they are
     */
    Deltas(
            FinetuneInputs inputs,
            int every,
            @Nullable Recrafting recrafting,
            ObjectStore objects,
            FinetuneCheckpoint checkpoint) {
        this.inputs = inputs;
        this.every = every;
        this.recrafting = recrafting;
        this.objects = objects;
        this.checkpoint = checkpoint;
    }

    /**
     * The perturbations that an epoch trains on.
     *
     * @param epoch how many epochs are done
     * @param onnx gives the grader's file with the weights as they are
     */
    List<Delta> of(int epoch, Supplier<byte[]> onnx) {
        if (every == 0 || epoch < every) {
            return inputs.deltas();
        }
        // crafted at the start of that epoch, and kept: a run that goes on later in it has other weights by then
        int crafted = epoch / every * every;
        List<Delta> present = new ArrayList<>();
        byte @Nullable [] file = null;
        for (int i = 0; i < inputs.deltas().size(); i++) {
            String key = checkpoint.key("delta-%d-%d.npy".formatted(crafted, i));
            Optional<byte[]> kept = objects.find(key);
            if (kept.isEmpty()) {
                file = file == null ? onnx.get() : file;
                byte[] made = encode(craft(file, i, crafted));
                kept = Optional.of(objects.createOrAdopt(key, made, "application/x-npy"));
            }
            Npy array = Npy.decode(kept.get());
            present.add(new Delta(array.shape()[0], array.shape()[1], array.floats()));
        }
        return present;
    }

    private Delta craft(byte[] onnx, int number, int epoch) {
        if (recrafting == null) {
            throw new IllegalStateException("there is nobody to craft perturbations anew");
        }
        Delta delta = recrafting.craft(new Recrafting.Request(
                inputs.model(), onnx, inputs.dataset(), inputs.perturbations().get(number), epoch));
        if (delta.height() != inputs.dataset().height()
                || delta.width() != inputs.dataset().width()) {
            throw new UnusableInputException(
                    "perturbation",
                    "A perturbation that was crafted anew is %d×%d, and the images are %d×%d."
                            .formatted(
                                    delta.height(),
                                    delta.width(),
                                    inputs.dataset().height(),
                                    inputs.dataset().width()));
        }
        return delta;
    }

    private static byte[] encode(Delta delta) {
        return Npy.of(delta.values(), delta.height(), delta.width(), 3).encode();
    }
}
