package dev.sclera.campaign;

import dev.sclera.attack.CraftSpec;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.model.Model;
import dev.sclera.report.RepairStudy;
import dev.sclera.report.RepairStudy.Adaptive;
import dev.sclera.store.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A campaign as steps: which there are follows from the specification alone; what they come to is remembered here, for
 * later ones build on it. Every step finds what it made before, so to run all of them again costs little.
 */
final class CampaignSteps {

    private final CampaignSpec spec;
    private final Dataset train;
    private final Dataset test;
    private final Workbench bench;

    private final Map<String, Perturbation> crafted = new LinkedHashMap<>();
    private final List<String> perturbed = new ArrayList<>();
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final Map<String, Finetune> repaired = new LinkedHashMap<>();
    private final Map<String, String> ensembles = new TreeMap<>();
    private final Map<String, List<Adaptive>> anew = new TreeMap<>();

    CampaignSteps(CampaignSpec spec, Dataset train, Dataset test, Workbench bench) {
        this.spec = spec;
        this.train = train;
        this.test = test;
        this.bench = bench;
    }

    /** All but the report, in order. */
    List<Step> all() {
        List<Step> steps = new ArrayList<>();
        List<CraftSpec> crafts = spec.crafts();
        crafts.forEach(craft -> steps.add(craft(craft)));
        crafts.forEach(craft -> steps.add(perturb(craft)));
        for (String model : spec.models()) {
            steps.add(evaluate(Plan.Stage.EVALUATE, model, 1, () -> model, () -> null, "clean images"));
            for (CraftSpec craft : crafts) {
                steps.add(evaluate(
                        Plan.Stage.EVALUATE, model, 1, () -> model, () -> crafted.get(key(craft)), words(craft)));
            }
        }
        Repair repair = spec.repair();
        if (repair != null) {
            spec.models().forEach(model -> repair(repair, model, steps));
        }
        return steps;
    }

    private void repair(Repair repair, String model, List<Step> steps) {
        List<String> attacks = spec.crafted();
        attacks.forEach(attack -> steps.add(finetune(repair, model, attack)));
        for (String attack : attacks) {
            retry(model, model + "+" + attack, 1, () -> repairedName(model, attack), steps);
            repair.adaptive()
                    .forEach(again ->
                            adapt(model, model + "+" + attack, 1, () -> repairedName(model, attack), again, steps));
        }
        if (!repair.ensemble() || attacks.size() < 2) {
            return;
        }
        String all = ensembleOfAll(model);
        steps.add(ensemble(model, all, attacks));
        retry(model, all, attacks.size(), () -> ensembleName(all), steps);
        repair.adaptive().forEach(again -> adapt(model, all, attacks.size(), () -> ensembleName(all), again, steps));
        if (attacks.size() < 3) {
            return;
        }
        for (String left : attacks) {
            String name = without(model, left);
            List<String> members =
                    attacks.stream().filter(attack -> !attack.equals(left)).toList();
            steps.add(ensemble(model, name, members));
            steps.add(evaluate(
                    Plan.Stage.RETRY,
                    model,
                    members.size(),
                    () -> ensembleName(name),
                    () -> crafted.get(key(model, left)),
                    "%s on %s against %s".formatted(name, left, model)));
        }
    }

    private Step craft(CraftSpec craft) {
        String model = craft.models().isEmpty() ? "" : craft.models().get(0);
        return new Step(
                Plan.Stage.CRAFT,
                words(craft),
                model,
                craft.models().isEmpty() ? 0 : train.images(),
                craft.models().isEmpty() ? 0 : bench.crafting().evaluations(craft, train.images()),
                0,
                progress -> crafted.put(key(craft), bench.crafting().craft(craft, progress)));
    }

    private Step perturb(CraftSpec craft) {
        return new Step(Plan.Stage.PERTURB, words(craft), "", 0, 0, 0, progress -> {
            Perturbation perturbation = crafted.get(key(craft));
            bench.perturbedDatasets().generate(test, perturbation, progress);
            perturbed.add(Keys.perturbed(test.versionedName(), perturbation.id()));
        });
    }

    private Step evaluate(
            Plan.Stage stage,
            String original,
            int members,
            Supplier<String> model,
            Supplier<@Nullable Perturbation> perturbation,
            String words) {
        return new Step(
                stage,
                words,
                original,
                (long) members * test.images(),
                0,
                0,
                progress -> evaluations.add(bench.evaluating()
                        .evaluate(bench.models().get(model.get()), test, perturbation.get(), progress)));
    }

    private Step finetune(Repair repair, String model, String attack) {
        double share = 1 - FinetuneSpec.DEFAULT_VALIDATION_SHARE;
        int epochs = repair.optimisation().epochs();
        long trained = Math.round(epochs * train.images() * (repair.validation() == null ? share : 1));
        long graded = Math.round(2.0 * (epochs + 1) * train.images() * (1 - share));
        return new Step(
                Plan.Stage.REPAIR,
                "%s on %s".formatted(model, attack),
                model,
                graded,
                0,
                trained,
                progress -> repaired.put(
                        key(model, attack),
                        bench.repairing()
                                .repair(
                                        repair.job(
                                                model,
                                                spec.train(),
                                                crafted.get(key(model, attack)).id(),
                                                null),
                                        progress)));
    }

    private Step ensemble(String model, String name, List<String> attacks) {
        return new Step(Plan.Stage.ENSEMBLE, name, "", 0, 0, 0, progress -> {
            List<String> members =
                    attacks.stream().map(attack -> repairedName(model, attack)).toList();
            ensembles.put(name, bench.ensembling().ensemble(members, null).name());
        });
    }

    /** A repaired model on clean images and under every perturbation that its original was evaluated under. */
    private void retry(String original, String words, int members, Supplier<String> model, List<Step> steps) {
        steps.add(evaluate(Plan.Stage.RETRY, original, members, model, () -> null, words + " on clean images"));
        for (String attack : spec.crafted()) {
            steps.add(evaluate(
                    Plan.Stage.RETRY,
                    original,
                    members,
                    model,
                    () -> crafted.get(key(original, attack)),
                    "%s on %s against %s".formatted(words, attack, original)));
        }
    }

    /** An attack crafted against a repaired model itself, and the model under it. */
    private void adapt(
            String original, String words, int members, Supplier<String> model, String attack, List<Step> steps) {
        CraftSpec before = spec.craft(attack, original);
        steps.add(new Step(
                Plan.Stage.ADAPT,
                "%s against %s".formatted(attack, words),
                original,
                (long) members * (train.images() + test.images()),
                members * bench.crafting().evaluations(before, train.images()),
                0,
                progress -> {
                    Model against = bench.models().get(model.get());
                    Perturbation perturbation = bench.crafting().craft(spec.craft(attack, against.name()), progress);
                    evaluations.add(bench.evaluating().evaluate(against, test, perturbation, progress));
                    anew.computeIfAbsent(words, name -> new ArrayList<>())
                            .add(new Adaptive(crafted.get(key(original, attack)).id(), perturbation.id()));
                }));
    }

    private String repairedName(String model, String attack) {
        return repaired.get(key(model, attack)).name();
    }

    private String ensembleName(String words) {
        return ensembles.get(words);
    }

    private static String ensembleOfAll(String model) {
        return "ensemble of " + model;
    }

    private static String without(String model, String attack) {
        return "ensemble of %s without %s".formatted(model, attack);
    }

    private static String words(CraftSpec craft) {
        return craft.models().isEmpty()
                ? craft.attack()
                : "%s against %s".formatted(craft.attack(), craft.models().get(0));
    }

    private static String key(CraftSpec craft) {
        return craft.models().isEmpty() ? craft.attack() : key(craft.models().get(0), craft.attack());
    }

    private static String key(String model, String attack) {
        return model + "/" + attack;
    }

    /** The ids of the perturbations, controls first. */
    List<String> perturbations() {
        return crafted.values().stream().map(Perturbation::id).toList();
    }

    /** Keys of the manifests of the perturbed datasets. */
    List<String> perturbed() {
        return List.copyOf(perturbed);
    }

    List<Evaluation> evaluations() {
        return List.copyOf(evaluations);
    }

    /** What was repaired, once all steps are done. */
    List<RepairStudy> studies() {
        Repair repair = spec.repair();
        if (repair == null) {
            return List.of();
        }
        List<RepairStudy> studies = new ArrayList<>();
        for (String model : spec.models()) {
            List<RepairStudy.Repaired> singles = new ArrayList<>();
            for (String attack : spec.crafted()) {
                Finetune finetune = repaired.get(key(model, attack));
                singles.add(new RepairStudy.Repaired(
                        finetune.name(),
                        crafted.get(key(model, attack)).id(),
                        anew.getOrDefault(model + "+" + attack, List.of()),
                        epochs(finetune)));
            }
            studies.add(new RepairStudy(
                    model,
                    spec.crafted().stream()
                            .map(attack -> crafted.get(key(model, attack)).id())
                            .toList(),
                    singles,
                    combined(model)));
        }
        return studies;
    }

    private RepairStudy.@Nullable Combined combined(String model) {
        String all = ensembleOfAll(model);
        if (!ensembles.containsKey(all)) {
            return null;
        }
        Map<String, String> without = new TreeMap<>();
        for (String attack : spec.crafted()) {
            String name = ensembles.get(without(model, attack));
            if (name != null) {
                without.put(crafted.get(key(model, attack)).id(), name);
            }
        }
        return new RepairStudy.Combined(ensembles.get(all), without, anew.getOrDefault(all, List.of()));
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
