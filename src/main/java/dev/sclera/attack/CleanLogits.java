package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The logits of clean images, each asked once. The predictions that there are of them hold probabilities, from which
 * logits follow only up to a constant.
 */
final class CleanLogits {

    private final Oracle oracle;
    private final int images;
    private final float[] none;
    private float[] known = new float[0];
    private int classes;

    /**
     * None known yet.
     *
     * @param images how many there are
     * @param size how many values δ has
     */
    CleanLogits(Oracle oracle, int images, int size) {
        this.oracle = oracle;
        this.images = images;
        this.none = new float[size];
    }

    /** Asks what is not known yet of a batch, as far as the allowance goes. */
    void ask(Batch batch) {
        for (int model = 0; model < oracle.members() && oracle.left() > 0; model++) {
            int of = model;
            int[] unknown = IntStream.range(0, batch.size())
                    .filter(i -> !isKnown(of, batch.place(i)))
                    .toArray();
            if (unknown.length > 0) {
                Batch asked = batch.only(unknown).head((int) Math.min(unknown.length, oracle.left()));
                keep(of, asked, logits(of, asked));
            }
        }
    }

    private float[][] logits(int model, Batch batch) {
        // any figure of the logits will do, and this one's graph is the one that is asked next
        Question question = new Question(
                new Loss.CosineSimilarity(), new int[batch.size()], any -> new float[batch.size()][width(model)]);
        return oracle.each(model, question, batch, none).logits();
    }

    private int width(int model) {
        return oracle.member(model).descriptor().grades();
    }

    private boolean isKnown(int model, int place) {
        return known.length > 0 && !Float.isNaN(known[(model * images + place) * classes]);
    }

    private void keep(int model, Batch batch, float[][] logits) {
        if (known.length == 0) {
            classes = width(model);
            known = new float[oracle.members() * images * classes];
            Arrays.fill(known, Float.NaN);
        }
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(logits[i], 0, known, (model * images + batch.place(i)) * classes, classes);
        }
    }

    /** What is known of a batch; 0 for what is not, which has no slope then. */
    float[][] of(int model, Batch batch) {
        float[][] rows = new float[batch.size()][width(model)];
        for (int i = 0; i < rows.length; i++) {
            if (isKnown(model, batch.place(i))) {
                int start = (model * images + batch.place(i)) * classes;
                rows[i] = Arrays.copyOfRange(known, start, start + classes);
            }
        }
        return rows;
    }

    float[] save() {
        return known;
    }

    void restore(float[] saved) {
        known = saved.clone();
        classes = saved.length / Math.max(1, oracle.members() * images);
    }
}
