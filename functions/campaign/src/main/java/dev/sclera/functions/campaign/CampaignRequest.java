package dev.sclera.functions.campaign;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.ascent.Norm;
import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.Epsilon;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.Repair;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.report.Thresholds;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.StrictRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign is about; {@code models}, {@code dataset}, {@code attacks} and {@code epsilon} are enough.
 *
 * @param models the names of the models, or keys of their {@code model.onnx}
 * @param dataset the name that a dataset was imported under, in place of {@code train} and {@code test}: its splits are
 *     {@code <dataset>-train} and {@code <dataset>-test}
 * @param train the name of the dataset that perturbations are crafted on and models fine-tuned on
 * @param test the name of the dataset that is reported; no image of it may be in {@code train}
 * @param attacks the attacks' names; controls are crafted once, others against each model
 * @param norm {@code linf} (the default), {@code l2} or {@code l1}
 * @param epsilon the bound in units of the full pixel range: a number, or a fraction such as {@code "8/255"}
 * @param passes evaluations per image and model; each attack's own number by default
 * @param budget evaluations per perturbation, in place of {@code passes}
 * @param batch images per step; each attack's own number by default
 * @param options what is set of single attacks, by {@code attack.option}
 * @param seed of everything random in the crafting; 0 by default
 * @param repair {@code false} to leave the models as they are; or fields of {@link Repair}, of which those that are not
 *     said have its defaults: {@code validation}, {@code mix}, {@code optimisation}, {@code layers},
 *     {@code batchStatistics}, {@code augmentation}, {@code averaging}, {@code stopping}, {@code recraftEvery},
 *     {@code seed}, {@code ensemble}, {@code adaptive}. By default every white-box attack is tried anew
 * @param thresholds what is asked of the models, fields of {@link Thresholds}, with its defaults
 */
@JsonDeserialize(using = StrictRecord.class)
public record CampaignRequest(
        @Nullable List<String> models,
        @Nullable String dataset,
        @Nullable String train,
        @Nullable String test,
        @Nullable List<String> attacks,
        @Nullable Norm norm,
        @Nullable String epsilon,
        @Nullable Integer passes,
        @Nullable Long budget,
        @Nullable Integer batch,
        @Nullable Map<String, String> options,
        @Nullable Long seed,
        @Nullable Object repair,
        @Nullable Map<String, Object> thresholds) {

    /**
     * The whole specification.
     *
     * @throws InvalidValueException where something is missing, not allowed, or unknown
     */
    public CampaignSpec spec() {
        List<String> named = requireNonNullElse(models, List.<String>of()).stream()
                .map(name -> ArtifactName.of("models", "models", name))
                .toList();
        List<String> chosen = requireNonNullElse(attacks, List.of());
        chosen.forEach(Attacks::control);
        return new CampaignSpec(
                named,
                split("train", train),
                split("test", test),
                chosen,
                new CraftSettings(
                        requireNonNullElse(norm, Norm.LINF),
                        Epsilon.parse(epsilon),
                        null,
                        passes,
                        budget,
                        null,
                        null,
                        batch,
                        null,
                        Set.of(),
                        requireNonNullElse(options, Map.of()),
                        requireNonNullElse(seed, 0L)),
                repair(chosen),
                whole(Thresholds.DEFAULT, thresholds, Thresholds.class));
    }

    private String split(String field, @Nullable String said) {
        if ((said == null) == (dataset == null)) {
            throw new InvalidValueException(
                    field, said == null ? "none" : said, "either \"dataset\", or both \"train\" and \"test\"");
        }
        return said == null
                ? ArtifactName.check("dataset", dataset) + "-" + field
                : ArtifactName.of(field, "datasets", said);
    }

    private @Nullable Repair repair(List<String> chosen) {
        Repair defaults = Repair.of(Attacks.whiteBox(chosen));
        if (repair == null || repair.equals(true)) {
            return defaults;
        }
        if (repair.equals(false)) {
            return null;
        }
        if (repair instanceof Map<?, ?> said) {
            Repair whole = whole(defaults, said, Repair.class);
            if (said.get("mix") instanceof Map<?, ?> mix) {
                whole.mix().checkSaid(mix.keySet().stream().map(String::valueOf).collect(Collectors.toSet()));
            }
            return whole;
        }
        throw new InvalidValueException("repair", repair, "true, false, or an object");
    }

    /** Defaults with what was said in their places, part by part. */
    private static <T extends Record> T whole(T defaults, @Nullable Map<?, ?> said, Class<T> type) {
        if (said == null) {
            return defaults;
        }
        Map<String, Object> merged = merged(JsonFormat.read(JsonFormat.write(defaults), Map.class), said);
        return JsonFormat.read(JsonFormat.write(merged), type);
    }

    private static Map<String, Object> merged(Map<?, ?> defaults, Map<?, ?> said) {
        Map<String, Object> merged = new LinkedHashMap<>();
        defaults.forEach((field, value) -> merged.put(field.toString(), value));
        said.forEach((field, value) -> merged.merge(
                field.toString(),
                value,
                (before, after) -> before instanceof Map<?, ?> part && after instanceof Map<?, ?> own
                        ? merged(part, own)
                        : after));
        return merged;
    }
}
