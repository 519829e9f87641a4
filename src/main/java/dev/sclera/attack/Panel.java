package dev.sclera.attack;

import dev.sclera.dataset.Images;
import dev.sclera.evaluation.Prediction;
import dev.sclera.model.Grade;
import java.util.List;
import java.util.function.IntToDoubleFunction;
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
    private final Goal goal;

    /** What an attack raises where it aims at no grade. */
    enum Goal {
        /** The probability of all grades but the right one. */
        WRONG,
        /** The expected squared distance from the right grade, as a share of the largest there can be. */
        FAR
    }

    Panel(Problem problem, Oracle oracle, CraftingImages crafting) {
        this(problem, oracle, crafting, Goal.WRONG);
    }

    Panel(Problem problem, Oracle oracle, CraftingImages crafting, Goal goal) {
        this.oracle = oracle;
        this.goal = goal;
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
     * @param score what an attack raises: the mean probability of the target, or what the goal says of the right grade,
     *     0 to 1; over the images and the models
     * @param fooled how many images are graded otherwise than clean, the mean over the models
     */
    record Answer(float score, float fooled) {}

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
                score += score(
                        grade -> clean.probabilities().get(grade),
                        clean.probabilities().size(),
                        i);
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
                double[] probabilities = answers.get(model).get(i).probabilities();
                score += score(grade -> probabilities[grade], probabilities.length, i);
            }
            fooled += crafting.changed(model, batch, answers.get(model)) / (double) answers.size();
        }
        return new Answer(mean(score), (float) fooled);
    }

    private double score(IntToDoubleFunction probability, int grades, int i) {
        if (target != null) {
            return probability.applyAsDouble(target);
        }
        int right = sample.grades()[i];
        if (goal == Goal.WRONG) {
            return 1 - probability.applyAsDouble(right);
        }
        double sum = 0;
        for (int grade = 0; grade < grades; grade++) {
            sum += probability.applyAsDouble(grade) * (grade - right) * (grade - right);
        }
        return sum / ((grades - 1.0) * (grades - 1.0));
    }

    private float mean(double sum) {
        return (float) (sum / batch.size() / oracle.members());
    }
}
