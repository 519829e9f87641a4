package dev.sclera.functions.craft;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.ascent.Norm;
import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Epsilon;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.StrictRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What perturbation to craft; what is null takes its default.
 *
 * @param attack the algorithm, for example {@code pgd} or {@code random}
 * @param model the name of the model to craft against, or the key of its {@code model.onnx}; controls need none
 * @param models several of them, for one perturbation against all; in place of {@code model}
 * @param dataset the name of the dataset to craft on, or the key of its {@code dataset.json}
 * @param norm {@code linf} (the default), {@code l2} or {@code l1}
 * @param epsilon the bound in units of the full pixel range: a number, or a fraction such as {@code "8/255"}
 * @param target the grade to aim at, 0 to 4; null for untargeted
 * @param passes evaluations per image and model, 1 to 1000; the algorithm's own number by default
 * @param budget evaluations in all, in place of {@code passes}
 * @param seconds after how long to stop with what there is; never by default
 * @param stopAt the fooling rate at which to stop, above 0 and at most 1; never by default
 * @param batch images per step, 1 to 4096; the algorithm's own number by default
 * @param step the first step's size relative to epsilon, above 0 and at most 2; the algorithm's own by default
 * @param augment {@code diversity}, {@code translation}, both or none, the default
 * @param options what is set of the algorithm alone, by name
 * @param seed of everything random; 0 by default
 */
@JsonDeserialize(using = StrictRecord.class)
public record CraftRequest(
        @Nullable String attack,
        @Nullable String model,
        @Nullable List<String> models,
        @Nullable String dataset,
        @Nullable Norm norm,
        @Nullable String epsilon,
        @Nullable Integer target,
        @Nullable Integer passes,
        @Nullable Long budget,
        @Nullable Double seconds,
        @Nullable Double stopAt,
        @Nullable Integer batch,
        @Nullable Double step,
        @Nullable List<String> augment,
        @Nullable Map<String, String> options,
        @Nullable Long seed) {

    /** @throws InvalidValueException where a name is missing or not allowed, or epsilon is no number */
    CraftSpec spec() {
        if (attack == null) {
            throw new InvalidValueException("attack", "none", String.join(", ", Attacks.names()));
        }
        if (model != null && models != null) {
            throw new InvalidValueException("models", String.join(",", models), "either this or \"model\", not both");
        }
        List<String> targets =
                model != null ? List.of(model) : Objects.<List<String>>requireNonNullElse(models, List.of());
        return new CraftSpec(
                attack,
                targets.stream()
                        .map(name -> ArtifactName.of("model", "models", name))
                        .toList(),
                ArtifactName.of("dataset", "datasets", dataset),
                settings());
    }

    private CraftSettings settings() {
        return new CraftSettings(
                requireNonNullElse(norm, Norm.LINF),
                Epsilon.parse(epsilon),
                target,
                passes,
                budget,
                seconds,
                stopAt,
                batch,
                step,
                Set.copyOf(Objects.<List<String>>requireNonNullElse(augment, List.of())),
                Objects.<Map<String, String>>requireNonNullElse(options, Map.of()),
                requireNonNullElse(seed, 0L));
    }
}
