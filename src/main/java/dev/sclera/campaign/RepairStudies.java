package dev.sclera.campaign;

import dev.sclera.defense.Finetune;
import dev.sclera.report.RepairStudy;
import dev.sclera.report.RepairStudy.Adaptive;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was repaired in a campaign of which all steps are done, as a report weighs it. */
record RepairStudies(CampaignSpec spec, CampaignSteps steps, Results results, Artifacts artifacts) {

    List<RepairStudy> all() {
        return spec.repair() == null
                ? List.of()
                : spec.models().stream().map(this::of).toList();
    }

    private RepairStudy of(String model) {
        return new RepairStudy(
                model,
                spec.crafted().stream()
                        .map(attack -> results.perturbation(steps.craftedIn(model, attack)))
                        .toList(),
                spec.crafted().stream().map(attack -> repaired(model, attack)).toList(),
                combined(model));
    }

    private RepairStudy.Repaired repaired(String model, String attack) {
        String step = steps.repairedIn(model, attack);
        Finetune finetune = artifacts.get("finetune", Keys.finetune(results.finetune(step)), Finetune.class);
        return new RepairStudy.Repaired(
                results.model(step),
                results.perturbation(steps.craftedIn(model, attack)),
                adaptive(CampaignSteps.repairedWords(model, attack)),
                epochs(finetune));
    }

    private RepairStudy.@Nullable Combined combined(String model) {
        String all = CampaignSteps.ensembleOfAll(model);
        Optional<String> made = steps.ensembleIn(all);
        if (made.isEmpty()) {
            return null;
        }
        Map<String, String> without = new TreeMap<>();
        for (String attack : spec.crafted()) {
            steps.ensembleIn(CampaignSteps.without(model, attack))
                    .ifPresent(step ->
                            without.put(results.perturbation(steps.craftedIn(model, attack)), results.model(step)));
        }
        return new RepairStudy.Combined(results.model(made.get()), without, adaptive(all));
    }

    private List<Adaptive> adaptive(String words) {
        return steps.anew(words).stream()
                .map(anew -> new Adaptive(results.perturbation(anew.before()), results.perturbation(anew.after())))
                .toList();
    }

    private static List<RepairStudy.Epoch> epochs(Finetune finetune) {
        return finetune.log().stream()
                .map(line -> new RepairStudy.Epoch(
                        line.epoch(),
                        line.trainingLoss(),
                        line.cleanQuadraticKappa(),
                        line.attackedQuadraticKappa(),
                        line.epoch() == finetune.bestEpoch()))
                .toList();
    }
}
