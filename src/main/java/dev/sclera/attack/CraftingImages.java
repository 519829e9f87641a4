package dev.sclera.attack;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import dev.sclera.evaluation.Prediction;
import dev.sclera.model.Grade;
import java.util.Arrays;
import java.util.List;
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
            firstPlaces[shard] = shard == 0
                    ? 0
                    : firstPlaces[shard - 1] + dataset.shards().get(shard - 1).count();
            batches += batches(shard);
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
        long left = turn % batchesPerPass;
        int position = 0;
        while (left >= batches(orderOfShards[position])) {
            left -= batches(orderOfShards[position]);
            position++;
        }
        int shard = orderOfShards[position];
        Images images = read(shard);
        int[] rows = Shuffle.of(images.count(), seed, pass, 1 + shard);
        int start = Math.toIntExact(left * size);
        return new Batch(
                images, Arrays.copyOfRange(rows, start, Math.min(rows.length, start + size)), firstPlaces[shard]);
    }

    /**
     * A batch in the dataset's order, of a size of its own.
     *
     * @param index which one, from 0; the last one is that after which all images were seen once
     */
    Batch inOrder(int index) {
        int shard = 0;
        int left = index;
        while (left >= batches(shard, IN_ORDER)) {
            left -= Math.toIntExact(batches(shard, IN_ORDER));
            shard++;
        }
        int start = left * IN_ORDER;
        int end = Math.min(dataset.shards().get(shard).count(), start + IN_ORDER);
        return new Batch(read(shard), IntStream.range(start, end).toArray(), firstPlaces[shard]);
    }

    /** A random sample of at most so many images, all from one shard; the seed and {@code which} determine it. */
    Batch sample(int most, int which) {
        int shard = Shuffle.of(firstPlaces.length, seed, -1, which)[0];
        Images images = read(shard);
        int[] rows = Shuffle.of(images.count(), seed, -2, which);
        return new Batch(images, rows, firstPlaces[shard]).head(most);
    }

    private long batches(int shard) {
        return batches(shard, size);
    }

    private long batches(int shard, int most) {
        return (dataset.shards().get(shard).count() + most - 1L) / most;
    }

    private Images read(int shard) {
        if (held != shard || heldImages == null) {
            heldImages = datasets.read(dataset, shard);
            held = shard;
        }
        return heldImages;
    }
}
