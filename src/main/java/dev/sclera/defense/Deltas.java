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

/**
 * The perturbations that a grader is trained on: those of the job, and those that were crafted anew since, against the
 * weights of their time. None is forgotten for a newer one, as long as memory allows: a grader that withstands the last
 * attack alone falls to the one before. (Training against all answers so far is fictitious play; Brown 1951,
 * <i>Iterative Solution of Games by Fictitious Play</i>.)
 */
final class Deltas {

    /** How much memory those take that were crafted anew; the last ones stay whatever they take. */
    private static final long MOST_BYTES = 256L << 20;

    private final FinetuneInputs inputs;
    private final int every;
    private final int epochs;
    private final @Nullable Recrafting recrafting;
    private final ObjectStore objects;
    private final FinetuneCheckpoint checkpoint;

    /**
     * Perturbations.
     *
     * @param every how many epochs they are crafted anew; 0 for never
     * @param epochs of the job, after the last of which they are, too
     * @param recrafting who does it; needed only where they are
     */
    Deltas(
            FinetuneInputs inputs,
            int every,
            int epochs,
            @Nullable Recrafting recrafting,
            ObjectStore objects,
            FinetuneCheckpoint checkpoint) {
        this.inputs = inputs;
        this.every = every;
        this.epochs = epochs;
        this.recrafting = recrafting;
        this.objects = objects;
        this.checkpoint = checkpoint;
    }

    /**
     * Whether an epoch's weights are judged by attacks crafted anew; where perturbations are never crafted anew, by
     * those that there are.
     *
     * @param done how many epochs are done, this one among them
     */
    boolean judgedAfter(int done) {
        return every == 0 || done % every == 0 || done == epochs;
    }

    /** The perturbations that an epoch trains on, the newest ones last. */
    List<Delta> before(int epoch) {
        List<Delta> all = new ArrayList<>(inputs.deltas());
        if (every > 0) {
            int newest = epoch / every;
            for (int time = Math.max(1, newest - remembered() + 1); time <= newest; time++) {
                for (int i = 0; i < inputs.deltas().size(); i++) {
                    all.add(decode(objects.get(key(time * every, i))));
                }
            }
        }
        return all;
    }

    private int remembered() {
        long bytes = 0;
        for (Delta delta : inputs.deltas()) {
            bytes += (long) Float.BYTES * delta.values().length;
        }
        return Math.toIntExact(Math.max(1, MOST_BYTES / Math.max(1, bytes)));
    }

    /**
     * Crafts the perturbations anew after an epoch, where that is due. They are kept: a run that is cut off finds them.
     *
     * @param done how many epochs are done
     * @param onnx gives the grader's file with the weights as training left them
     * @param alive is told again and again that the work goes on
     * @return none where it is not due
     */
    List<Delta> craftedAfter(int done, Supplier<byte[]> onnx, Runnable alive) {
        List<Delta> crafted = new ArrayList<>();
        byte @Nullable [] file = null;
        for (int i = 0; every > 0 && judgedAfter(done) && i < inputs.deltas().size(); i++) {
            Optional<byte[]> kept = objects.find(key(done, i));
            if (kept.isEmpty()) {
                file = file == null ? onnx.get() : file;
                byte[] made = encode(craft(file, i, done, alive));
                kept = Optional.of(objects.createOrAdopt(key(done, i), made, "application/x-npy"));
            }
            crafted.add(decode(kept.get()));
        }
        return crafted;
    }

    private String key(int done, int number) {
        return checkpoint.key("delta-%d-%d.npy".formatted(done, number));
    }

    private Delta craft(byte[] onnx, int number, int epoch, Runnable alive) {
        if (recrafting == null) {
            throw new IllegalStateException("there is nobody to craft perturbations anew");
        }
        Delta delta = recrafting.craft(
                new Recrafting.Request(
                        inputs.model(),
                        onnx,
                        inputs.dataset(),
                        inputs.perturbations().get(number),
                        epoch),
                alive);
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

    private static Delta decode(byte[] bytes) {
        Npy array = Npy.decode(bytes);
        return new Delta(array.shape()[0], array.shape()[1], array.floats());
    }

    private static byte[] encode(Delta delta) {
        return Npy.of(delta.values(), delta.height(), delta.width(), 3).encode();
    }
}
