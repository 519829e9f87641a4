package dev.sclera.attack;

import dev.sclera.gradient.Loss;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the models about a batch.
 *
 * @param loss what is differentiated
 * @param labels by model, per image of the batch the grade that the loss refers to
 * @param vectors by model, per image what else the loss wants, {@code [batch][classes]}; null where it wants nothing
 */
record Question(
        Loss loss, IntFunction<int[]> labels, @Nullable IntFunction<float[][]> vectors) {

    Question(Loss loss, int[] labels) {
        this(loss, labels, null);
    }

    Question(Loss loss, int[] labels, @Nullable IntFunction<float[][]> vectors) {
        this(loss, model -> labels, vectors);
    }

    /** What else the loss wants of a model; empty where it wants nothing. */
    float[][] vectorsOf(int model) {
        return vectors == null ? new float[0][] : vectors.apply(model);
    }
}
