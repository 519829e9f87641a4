package dev.sclera.defense;

import dev.sclera.dataset.Perturbation;
import dev.sclera.store.Recipe;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What determines a repaired grader, and what its file says of that. */
final class FinetuneRecipe {

    private static final int LONGEST_NAME = 100;

    private FinetuneRecipe() {}

    static FinetuneJob job(FinetuneSpec spec, FinetuneInputs inputs) {
        Recipe recipe = of(spec, inputs);
        List<String> ids = inputs.perturbations().stream().map(Perturbation::id).toList();
        String name = spec.name() == null ? name(inputs, recipe.id()) : spec.name();
        return new FinetuneJob(FinetuneJob.SCHEMA, recipe.id(), spec.on(ids), name, recipe);
    }

    static Recipe of(FinetuneSpec spec, FinetuneInputs inputs) {
        Map<String, Object> parameters = new TreeMap<>(spec.parameters());
        Map<String, String> roles = new TreeMap<>();
        roles.put("model", inputs.model().id());
        roles.put("dataset", inputs.dataset().id());
        if (spec.validation() == null) {
            parameters.put("validationShare", spec.validationShare());
        } else {
            roles.put("validation", inputs.division().validationDataset().id());
        }
        for (int i = 0; i < inputs.perturbations().size(); i++) {
            roles.put(
                    "perturbation%02d".formatted(i),
                    inputs.perturbations().get(i).id());
        }
        return new Recipe("finetune/2", parameters, roles);
    }

    /** What the repaired grader's file says of where it comes from; the same for the same recipe. */
    static Map<String, String> metadata(FinetuneJob job, FinetuneInputs inputs) {
        return Map.of(
                "sclera.finetune",
                job.id(),
                "sclera.original",
                inputs.model().sha256(),
                "sclera.perturbations",
                inputs.perturbations().stream().map(Perturbation::id).collect(Collectors.joining(",")));
    }

    private static String name(FinetuneInputs inputs, String id) {
        String attack = inputs.perturbations().size() == 1
                ? "-" + inputs.perturbations().get(0).attack()
                : "";
        String end = attack + "-" + id.substring(0, 8);
        String model = inputs.model().name();
        return model.substring(0, Math.min(model.length(), LONGEST_NAME - end.length())) + end;
    }
}
