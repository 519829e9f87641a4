package dev.sclera.functions.perturb;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.store.StrictRecord;
import org.jspecify.annotations.Nullable;

/**
 * What to perturb with what.
 *
 * @param dataset the dataset's name, or the key of its {@code dataset.json}
 * @param perturbation the perturbation's id, or the key of its record
 */
@JsonDeserialize(using = StrictRecord.class)
public record PerturbRequest(
        @Nullable String dataset, @Nullable String perturbation) {}
