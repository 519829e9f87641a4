package dev.sclera.campaign;

import dev.sclera.attack.CraftSpec;
import dev.sclera.campaign.Step.Action;
import dev.sclera.campaign.StepResult.Made;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.defense.Finetune;
import dev.sclera.model.Model;
import dev.sclera.problem.ConflictException;
import dev.sclera.store.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the steps of a campaign do. Steps that others are after are named by their ids. */
record StepActions(CampaignSpec spec, Dataset test, Workbench bench) {

    Action craft(CraftSpec craft) {
        return (before, progress) ->
                Made.perturbation(bench.crafting().craft(craft, progress).id());
    }

    Action perturb(String crafting) {
        return (before, progress) -> {
            Perturbation perturbation = bench.perturbations().get(before.perturbation(crafting));
            bench.perturbedDatasets().generate(test, perturbation, progress);
            return Made.perturbed(Keys.perturbed(test.versionedName(), perturbation.id()));
        };
    }

    /** @param crafting null for clean images */
    Action evaluate(Subject subject, @Nullable String crafting) {
        return (before, progress) -> {
            Model model = bench.models().get(subject.name(before));
            return Made.evaluation(bench.evaluating()
                    .evaluate(model, test, perturbation(before, crafting), progress)
                    .id());
        };
    }

    /** @param crafting null for clean images */
    Action gradeShard(Subject subject, Dataset dataset, @Nullable String crafting, int shard) {
        return (before, progress) -> {
            Model model = bench.models().get(subject.name(before));
            bench.grading().gradeShard(model, dataset, perturbation(before, crafting), shard, progress);
            return Made.NOTHING;
        };
    }

    private @Nullable Perturbation perturbation(Results results, @Nullable String crafting) {
        return crafting == null ? null : bench.perturbations().get(results.perturbation(crafting));
    }

    Action finetune(Repair repair, String model, String crafting) {
        return (before, progress) -> {
            Finetune finetune = bench.repairing()
                    .repair(repair.job(model, spec.train(), before.perturbation(crafting), null), progress);
            Model repaired = bench.models().get(finetune.name());
            if (!repaired.sha256().equals(finetune.onnxSha256())) {
                throw replaced(repaired.name());
            }
            return Made.model(repaired.name(), repaired.id(), finetune.id());
        };
    }

    /** @param members the steps that make them */
    Action ensemble(List<String> members) {
        return (before, progress) -> {
            List<String> names = members.stream().map(before::model).toList();
            Model ensemble =
                    bench.models().get(bench.ensembling().ensemble(names, null).name());
            return Made.model(ensemble.name(), ensemble.id(), null);
        };
    }

    /** Crafts an attack against a repaired model itself, and evaluates the model under it. */
    Action adapt(Subject subject, String attack) {
        return (before, progress) -> {
            Model model = bench.models().get(subject.name(before));
            Perturbation perturbation = bench.crafting().craft(spec.craft(attack, model.name()), progress);
            String evaluation = bench.evaluating()
                    .evaluate(model, test, perturbation, progress)
                    .id();
            return new Made(perturbation.id(), null, evaluation, null, null, null);
        };
    }

    /** Figures of another model than the one that is named would be a verdict on the wrong one. */
    static ConflictException replaced(String model) {
        return new ConflictException(
                "model",
                "The model \"%s\" was replaced while the campaign was run. Put it back, or run the campaign anew."
                        .formatted(model));
    }
}
