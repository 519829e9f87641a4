package dev.sclera.functions.craft;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Epsilon;
import dev.sclera.attack.Norm;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.StrictRecord;
import org.jspecify.annotations.Nullable;

/**
 * What perturbation to craft; what is null takes its default.
 *
 * @param attack the algorithm, for example {@code pgd} or {@code random}
 * @param model the name of the model to craft against, or the key of its {@code model.onnx}; controls need none
 * @param dataset the name of the dataset to craft on, or the key of its {@code dataset.json}
 * @param norm {@code linf} (the default) or {@code l2}
 * @param epsilon the bound in units of the full pixel range: a number, or a fraction such as {@code "8/255"}
 * @param target the grade to aim at, 0 to 4; null for untargeted
 * @param passes how often each image is used, 1 to 1000; 3 by default
 * @param batch images per step, 1 to 4096; 32 by default
 * @param step the first step's size relative to epsilon, above 0 and at most 2; the algorithm's own by default
 * @param seed of everything random; 0 by default
 */
@JsonDeserialize(using = StrictRecord.class)
public record CraftRequest(
        @Nullable String attack,
        @Nullable String model,
        @Nullable String dataset,
        @Nullable Norm norm,
        @Nullable String epsilon,
        @Nullable Integer target,
        @Nullable Integer passes,
        @Nullable Integer batch,
        @Nullable Double step,
        @Nullable Long seed) {

    /** @throws InvalidValueException where a name is missing or not allowed, or epsilon is no number */
    CraftSpec spec() {
        if (attack == null) {
            throw new InvalidValueException("attack", "none", String.join(", ", Attacks.names()));
        }
        return new CraftSpec(
                attack,
                model == null ? null : ArtifactName.of("model", "models", model),
                ArtifactName.of("dataset", "datasets", dataset),
                requireNonNullElse(norm, Norm.LINF),
                Epsilon.parse(epsilon),
                target,
                requireNonNullElse(passes, CraftSpec.DEFAULT_PASSES),
                requireNonNullElse(batch, CraftSpec.DEFAULT_BATCH),
                step,
                requireNonNullElse(seed, 0L));
    }
}
