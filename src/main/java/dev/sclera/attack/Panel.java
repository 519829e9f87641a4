package dev.sclera.attack;

import dev.sclera.dataset.Images;
import dev.sclera.evaluation.Prediction;
import dev.sclera.model.Grade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fixed sample of crafting images that models are asked about under one δ after another, in 8 bits: what an attack
 * learns that sees answers alone. One query is the whole sample through every model.
 */
final class Panel {

    /** The option that says how many images are in the sample. */
    static final Options.Number IMAGES =
            new Options.Number("images", "how many images are asked about per query", 64, 1, 4096);

    /** Where the budget is small, the sample is made small enough for so many queries. */
    private static final int LEAST_QUERIES = 20;

    private final Oracle oracle;
    private final CraftingImages crafting;
    private final Batch batch;
    private final Images sample;
    private final @Nullable Integer target;

    Panel(Problem problem, Oracle oracle, CraftingImages crafting) {
        this.oracle = oracle;
        this.crafting = crafting;
        this.target = problem.target();
        long affordable = problem.allowance() / oracle.members() / LEAST_QUERIES;
        int most = (int) Math.max(1, Math.min(problem.options().whole(IMAGES.name()), affordable));
        this.batch = crafting.sample(most, 0);
        this.sample = batch.gathered();
    }

    /**
     * What the models answer.
     *
     * @param score what an attack raises: the mean probability that is not the right grade's, or that of the target;
     *     over the images and the models
     * @param fooled how many images are graded otherwise than clean, the mean over the models
     */
    record Answer(float score, double fooled) {}

    /** How many images there are. */
    int size() {
        return batch.size();
    }

    /** Whether the budget has room for another query. */
    boolean canAsk() {
        return oracle.left() >= (long) batch.size() * oracle.members();
    }

    /** The answer to no perturbation, which is known. */
    Answer clean() {
        double score = 0;
        for (int model = 0; model < oracle.members(); model++) {
            for (int i = 0; i < batch.size(); i++) {
                Prediction clean = crafting.clean(model, batch.place(i));
                score += score(clean.probabilities().get(watched(i)));
            }
        }
        return new Answer(mean(score), 0);
    }

    Answer ask(float[] delta) {
        List<List<Grade>> answers = oracle.grades(sample, delta);
        double score = 0;
        double fooled = 0;
        for (int model = 0; model < answers.size(); model++) {
            for (int i = 0; i < batch.size(); i++) {
                score += score(answers.get(model).get(i).probabilities()[watched(i)]);
            }
            fooled += crafting.changed(model, batch, answers.get(model)) / (double) answers.size();
        }
        return new Answer(mean(score), fooled);
    }

    private int watched(int i) {
        return target == null ? sample.grades()[i] : target;
    }

    private double score(double probability) {
        return target == null ? 1 - probability : probability;
    }

    private float mean(double sum) {
        return (float) (sum / batch.size() / oracle.members());
    }
}
