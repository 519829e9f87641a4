package dev.sclera.functions.grade;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.store.StrictRecord;
import org.jspecify.annotations.Nullable;

/**
 * What to grade: a dataset, clean or perturbed, or one photograph.
 *
 * @param model the model's name, or the key of its {@code model.onnx}
 * @param dataset the dataset's name, or the key of its {@code dataset.json}
 * @param perturbation the perturbation's id, or the key of its record; null for clean images
 * @param image the key of one encoded photograph, in place of a dataset
 */
@JsonDeserialize(using = StrictRecord.class)
public record GradeRequest(
        @Nullable String model,
        @Nullable String dataset,
        @Nullable String perturbation,
        @Nullable String image) {}
