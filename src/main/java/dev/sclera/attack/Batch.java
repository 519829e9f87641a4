package dev.sclera.attack;

import dev.sclera.dataset.Images;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Some crafting images.
 *
 * @param images where they are, one shard
 * @param rows which of them
 * @param first the place in the dataset of the shard's first image
 */
record Batch(Images images, int[] rows, int first) {

    int size() {
        return rows.length;
    }

    /** The place in the dataset of the batch's i-th image. */
    int place(int i) {
        return first + rows[i];
    }

    /** The images' own grades. */
    int[] truths() {
        return Arrays.stream(rows).map(row -> images.grades()[row]).toArray();
    }

    /** One grade for every image, as labels that aim at it. */
    int[] all(int grade) {
        int[] labels = new int[rows.length];
        Arrays.fill(labels, grade);
        return labels;
    }

    /** The first images of this batch. */
    Batch head(int most) {
        return most >= rows.length ? this : new Batch(images, Arrays.copyOf(rows, most), first);
    }

    /** One image of this batch, by its place in the batch. */
    Batch only(int... chosen) {
        return new Batch(images, Arrays.stream(chosen).map(i -> rows[i]).toArray(), first);
    }

    /** The images of this batch whose own grade is wanted. */
    Batch where(IntPredicate wanted) {
        int[] truths = truths();
        return only(IntStream.range(0, truths.length)
                .filter(i -> wanted.test(truths[i]))
                .toArray());
    }

    /** The images themselves, in the order of the rows. */
    Images gathered() {
        int stride = images.stride();
        byte[] pixels = new byte[rows.length * stride];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(images.pixels(), rows[i] * stride, pixels, i * stride, stride);
        }
        return new Images(
                images.height(),
                images.width(),
                pixels,
                truths(),
                Arrays.stream(rows).mapToObj(images.names()::get).toList());
    }
}
