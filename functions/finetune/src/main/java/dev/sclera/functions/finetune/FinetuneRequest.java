package dev.sclera.functions.finetune;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.StrictRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to repair a grader; what is null takes its default, and so does what a part does not say. {@link FinetuneSpec}
 * has all fields with their ranges.
 *
 * @param model the name of the grader, or the key of its {@code model.onnx}
 * @param dataset the name of the dataset to train on, or the key of its {@code dataset.json}; no test split
 * @param validation the name of the dataset to choose the best epoch by, likewise; by default a share is held out
 * @param validationShare how much is held out
 * @param perturbations ids, first digits of ids, or keys of the records of the perturbations to train on
 * @param mix fields of {@link dev.sclera.defense.Mix}
 * @param optimisation fields of {@link dev.sclera.defense.Optimisation}
 * @param layers {@code head}, {@code last_block} or {@code all}, the default
 * @param batchStatistics whether batch normalisations use the statistics of the batch; not by default
 * @param augmentation fields of {@link dev.sclera.defense.Augmentation}
 * @param averaging fields of {@link dev.sclera.defense.Averaging}
 * @param stopping fields of {@link dev.sclera.defense.Stopping}
 * @param recraftEvery after every how many epochs perturbations that are crafted anew join those that there are; never
 *     by default
 * @param seed of everything random; 0 by default
 * @param name under which the repaired grader is kept
 * @param dispatcher who has the job run, in place of the one that the configuration names
 */
@JsonDeserialize(using = StrictRecord.class)
public record FinetuneRequest(
        @Nullable String model,
        @Nullable String dataset,
        @Nullable String validation,
        @Nullable Double validationShare,
        @Nullable List<String> perturbations,
        @Nullable Map<String, Object> mix,
        @Nullable Map<String, Object> optimisation,
        @Nullable TrainedLayers layers,
        @Nullable Boolean batchStatistics,
        @Nullable Map<String, Object> augmentation,
        @Nullable Map<String, Object> averaging,
        @Nullable Map<String, Object> stopping,
        @Nullable Integer recraftEvery,
        @Nullable Long seed,
        @Nullable String name,
        @Nullable String dispatcher) {

    private static final Pattern PERTURBATION = Pattern.compile("perturbations/([0-9a-f]+)/[^/]+");

    /**
     * The whole specification.
     *
     * @throws InvalidValueException where a name is missing or not allowed, or a part has a field that there is not
     */
    public FinetuneSpec spec() {
        if (perturbations == null) {
            throw new InvalidValueException("perturbations", "none", "the ids of 1 to 64 perturbations");
        }
        FinetuneSpec defaults = FinetuneSpec.of(
                ArtifactName.of("model", "models", model),
                ArtifactName.of("dataset", "datasets", dataset),
                perturbations.stream().map(FinetuneRequest::id).toList());
        Map<String, Object> whole = object(JsonFormat.read(JsonFormat.write(defaults), Map.class));
        put(whole, "validation", validation == null ? null : ArtifactName.of("validation", "datasets", validation));
        put(whole, "validationShare", validationShare);
        merge(whole, "mix", mix);
        merge(whole, "optimisation", optimisation);
        put(whole, "layers", layers);
        put(whole, "batchStatistics", batchStatistics);
        merge(whole, "augmentation", augmentation);
        merge(whole, "averaging", averaging);
        merge(whole, "stopping", stopping);
        put(whole, "recraftEvery", recraftEvery);
        put(whole, "seed", seed);
        put(whole, "name", name);
        FinetuneSpec spec = JsonFormat.read(JsonFormat.write(whole), FinetuneSpec.class);
        if (mix != null) {
            spec.mix().checkSaid(mix.keySet());
        }
        return spec;
    }

    private static String id(String said) {
        Matcher key = PERTURBATION.matcher(said);
        return key.matches() ? key.group(1) : said;
    }

    private static void put(Map<String, Object> whole, String field, @Nullable Object said) {
        if (said != null) {
            whole.put(field, said);
        }
    }

    private static void merge(Map<String, Object> whole, String part, @Nullable Map<String, Object> said) {
        if (said != null) {
            Map<String, Object> merged = object((Map<?, ?>) whole.get(part));
            merged.putAll(said);
            whole.put(part, merged);
        }
    }

    private static Map<String, Object> object(@Nullable Map<?, ?> parsed) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (parsed != null) {
            parsed.forEach((field, value) -> object.put(field.toString(), value));
        }
        return object;
    }
}
