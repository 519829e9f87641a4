package dev.sclera.attack;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import dev.sclera.evaluation.Prediction;
import dev.sclera.model.Grade;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The images that perturbations are crafted on, in seeded mini-batches, with what the models under attack say of them
 * clean. A batch does not reach across shards, so that one shard is in memory at a time.
 */
final class CraftingImages {

    /** Images per batch where they are looked at in order: so many that all of a machine's cores have some. */
    private static final int IN_ORDER = 64;

    private final Dataset dataset;
    private final Datasets datasets;
    private final List<List<Prediction>> clean;
    private final int size;
    private final long seed;
    private final int[] firstPlaces;
    private final long batchesPerPass;

    private int held = -1;
    private @Nullable Images heldImages;
    private long ordered = -1;
    private int[] orderOfShards = new int[0];

    /**
     * Images.
     *
     * @param clean per model its predictions of the clean images, in the dataset's order
     * @param size images per batch
     * @param seed of the order
     */
    CraftingImages(Dataset dataset, Datasets datasets, List<List<Prediction>> clean, int size, long seed) {
        this.dataset = dataset;
        this.datasets = datasets;
        this.clean = List.copyOf(clean);
        this.size = size;
        this.seed = seed;
        this.firstPlaces = new int[dataset.shards().size()];
        long batches = 0;
        for (int shard = 0; shard < firstPlaces.length; shard++) {
            firstPlaces[shard] = shard == 0 ? 0 : firstPlaces[shard - 1] + count(shard - 1);
            batches += batches(shard, size);
        }
        this.batchesPerPass = batches;
    }

    /** How many images there are. */
    int count() {
        return dataset.images();
    }

    /** How many images there are of each grade. */
    int[] grades() {
        return dataset.imagesPerGrade().stream().mapToInt(Integer::intValue).toArray();
    }

    int height() {
        return dataset.height();
    }

    int width() {
        return dataset.width();
    }

    /** How many mini-batches make a pass over all images. */
    long batchesPerPass() {
        return batchesPerPass;
    }

    /** What a model says of a clean image. */
    Prediction clean(int model, int place) {
        return clean.get(model).get(place);
    }

    /** What a model says of a batch's clean images: their grades. */
    int[] cleanGrades(int model, Batch batch) {
        int[] grades = new int[batch.size()];
        Arrays.setAll(grades, i -> clean(model, batch.place(i)).grade());
        return grades;
    }

    /** How many of a batch's images a model grades otherwise than clean; {@code grades} is what it says of them now. */
    int changed(int model, Batch batch, int[] grades) {
        int changed = 0;
        for (int i = 0; i < batch.size(); i++) {
            changed += grades[i] == clean(model, batch.place(i)).grade() ? 0 : 1;
        }
        return changed;
    }

    /** The same of answers in full. */
    int changed(int model, Batch batch, List<Grade> answers) {
        return changed(model, batch, answers.stream().mapToInt(Grade::grade).toArray());
    }

    /** How many of several models' answers to a batch are other than clean, all of them together. */
    int changed(Batch batch, List<List<Grade>> answers) {
        int changed = 0;
        for (int model = 0; model < answers.size(); model++) {
            changed += changed(model, batch, answers.get(model));
        }
        return changed;
    }

    /**
     * A mini-batch: passes in seeded orders, shard by shard, follow one another without end.
     *
     * @param turn which one, from 0; it alone determines the batch
     */
    Batch batch(long turn) {
        int pass = Math.toIntExact(turn / batchesPerPass);
        if (ordered != pass) {
            orderOfShards = Shuffle.of(firstPlaces.length, seed, pass, 0);
            ordered = pass;
        }
        return batch(
                turn % batchesPerPass, size, orderOfShards, shard -> Shuffle.of(count(shard), seed, pass, 1 + shard));
    }

    /**
     * A batch in the dataset's order, of a size of its own.
     *
     * @param index which one, from 0; the last one is that after which all images were seen once
     */
    Batch inOrder(int index) {
        return batch(index, IN_ORDER, ascending(firstPlaces.length), shard -> ascending(count(shard)));
    }

    private static int[] ascending(int count) {
        return IntStream.range(0, count).toArray();
    }

    /**
     * One of the batches that all images are cut into.
     *
     * @param index which one
     * @param most images per batch
     * @param shards their order
     * @param rows the order within a shard
     */
    private Batch batch(long index, int most, int[] shards, IntFunction<int[]> rows) {
        long left = index;
        int position = 0;
        while (left >= batches(shards[position], most)) {
            left -= batches(shards[position], most);
            position++;
        }
        int shard = shards[position];
        int[] order = rows.apply(shard);
        int start = Math.toIntExact(left * most);
        return new Batch(
                read(shard),
                Arrays.copyOfRange(order, start, Math.min(order.length, start + most)),
                firstPlaces[shard]);
    }

    /** A random sample of at most so many images, all from one shard; the seed and {@code which} determine it. */
    Batch sample(int most, int which) {
        int shard = Shuffle.of(firstPlaces.length, seed, -1, which)[0];
        Images images = read(shard);
        int[] rows = Shuffle.of(images.count(), seed, -2, which);
        return new Batch(images, rows, firstPlaces[shard]).head(most);
    }

    private long batches(int shard, int most) {
        return (count(shard) + most - 1L) / most;
    }

    private int count(int shard) {
        return dataset.shards().get(shard).count();
    }

    private Images read(int shard) {
        if (held != shard || heldImages == null) {
            heldImages = datasets.read(dataset, shard);
            held = shard;
        }
        return heldImages;
    }
}
