package dev.sclera.functions.evaluate;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.store.StrictRecord;
import org.jspecify.annotations.Nullable;

/**
 * What to evaluate on what.
 *
 * @param model the model's name, or the key of its {@code model.onnx}
 * @param dataset the dataset's name, or the key of its {@code dataset.json}
 * @param perturbation the perturbation's id, or the key of its record; null for clean images
 */
@JsonDeserialize(using = StrictRecord.class)
public record EvaluateRequest(
        @Nullable String model,
        @Nullable String dataset,
        @Nullable String perturbation) {}
