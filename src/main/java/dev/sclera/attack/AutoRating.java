package dev.sclera.attack;

import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.model.Grade;
import dev.sclera.model.ModelDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What models made of batches under a δ, or on its way; the lower, the stronger δ. It is the quadratic-weighted kappa
 * of their answers or, where a grade is aimed at, the share that was graded otherwise; the mean over the models.
 */
final class AutoRating {

    private final @Nullable Integer target;
    private final int models;
    private final int grades;
    private final List<int[]> answers = new ArrayList<>();

    AutoRating(@Nullable Integer target, int models, int grades) {
        this.target = target;
        this.models = models;
        this.grades = grades;
    }

    void clear() {
        answers.clear();
    }

    boolean isEmpty() {
        return answers.isEmpty();
    }

    /** Adds all that another was told. */
    void add(AutoRating other) {
        answers.addAll(other.answers);
    }

    void add(Batch batch, Oracle.Slope slope) {
        add(
                batch.truths(),
                (model, i) -> Grade.of(slope.logits().get(model)[i], ModelDescriptor.OutputKind.LOGITS)
                        .grade());
    }

    /** Adds answers; of a model, to the i-th image. */
    void add(int[] truths, IntBinaryOperator grades) {
        for (int model = 0; model < models; model++) {
            for (int i = 0; i < truths.length; i++) {
                answers.add(new int[] {model, truths[i], grades.applyAsInt(model, i)});
            }
        }
    }

    /** The rating; the worst there is, 1, where nothing was asked. */
    double value() {
        double sum = 0;
        for (int model = 0; model < models; model++) {
            sum += value(model);
        }
        return sum / models;
    }

    private double value(int model) {
        List<int[]> own = answers.stream().filter(answer -> answer[0] == model).toList();
        if (own.isEmpty()) {
            return 1;
        }
        if (target != null) {
            return own.stream().filter(answer -> answer[2] != target).count() / (double) own.size();
        }
        int[] truths = own.stream().mapToInt(answer -> answer[1]).toArray();
        int[] graded = own.stream().mapToInt(answer -> answer[2]).toArray();
        Double kappa = CohenKappa.QUADRATIC
                .of(ConfusionMatrix.of(truths, graded, grades))
                .value();
        // of images of one grade alone there is no kappa, and what is right counts
        return kappa != null
                ? kappa
                : own.stream().filter(answer -> answer[1] == answer[2]).count() / (double) own.size();
    }

    float[] save() {
        long[] packed = new long[3 * answers.size()];
        for (int i = 0; i < answers.size(); i++) {
            for (int k = 0; k < 3; k++) {
                packed[3 * i + k] = answers.get(i)[k];
            }
        }
        return Saved.longs(packed);
    }

    void restore(float[] saved) {
        answers.clear();
        long[] packed = Saved.longs(saved);
        for (int i = 0; i < packed.length; i += 3) {
            answers.add(new int[] {(int) packed[i], (int) packed[i + 1], (int) packed[i + 2]});
        }
    }
}
