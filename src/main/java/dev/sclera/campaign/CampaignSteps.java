package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSpec;
import dev.sclera.dataset.Dataset;
import dev.sclera.defense.FinetuneSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A campaign as a graph of steps: which there are, and which has to be after which, follows from the specification and
 * the datasets alone. What a step needs of earlier ones it finds by their results. Every step finds what it made
 * before, so to run all of them again costs little.
 */
final class CampaignSteps {

    private final CampaignSpec spec;
    private final Dataset train;
    private final Dataset test;
    private final Workbench bench;
    private final boolean byShard;
    private final StepActions actions;

    private final List<Step> steps = new ArrayList<>();
    private final Map<String, String> crafted = new HashMap<>();
    private final Map<String, String> repaired = new HashMap<>();
    private final Map<String, String> ensembles = new HashMap<>();
    private final Map<String, String> clean = new HashMap<>();
    private final Map<String, List<Anew>> anew = new HashMap<>();
    private final Map<String, List<String>> training = new HashMap<>();

    /**
     * Lays the steps out.
     *
     * @param byShard whether each shard of images is graded by a step of its own, where there are several
     */
    CampaignSteps(CampaignSpec spec, Dataset train, Dataset test, Workbench bench, boolean byShard) {
        this.spec = spec;
        this.train = train;
        this.test = test;
        this.bench = bench;
        this.byShard = byShard;
        this.actions = new StepActions(spec, test, bench);
        layOut();
    }

    /** An attack that is crafted anew: the steps that craft it against the original, and against the repaired model. */
    record Anew(String before, String after) {}

    /** All but the report, in an order in which none is before one that it has to be after. */
    List<Step> all() {
        return List.copyOf(steps);
    }

    private void layOut() {
        List<CraftSpec> crafts = spec.crafts();
        crafts.forEach(this::craft);
        crafts.forEach(this::perturb);
        for (String model : spec.models()) {
            Subject subject = Subject.original(model);
            clean.put(subject.words(), evaluate(Plan.Stage.EVALUATE, subject, null, "clean images"));
            crafts.forEach(craft -> evaluate(Plan.Stage.EVALUATE, subject, crafted.get(key(craft)), words(craft)));
        }
        Repair repair = spec.repair();
        if (repair != null) {
            spec.models().forEach(model -> repair(repair, model));
        }
    }

    private void repair(Repair repair, String model) {
        List<String> attacks = spec.crafted();
        attacks.forEach(attack -> finetune(repair, model, attack));
        for (String attack : attacks) {
            tryAgain(repair, new Subject(model, repairedWords(model, attack), 1, repairedIn(model, attack)));
        }
        if (!repair.ensemble() || attacks.size() < 2) {
            return;
        }
        tryAgain(repair, ensemble(model, ensembleOfAll(model), attacks));
        if (attacks.size() < 3) {
            return;
        }
        for (String left : attacks) {
            List<String> members =
                    attacks.stream().filter(attack -> !attack.equals(left)).toList();
            Subject without = ensemble(model, without(model, left), members);
            evaluate(
                    Plan.Stage.RETRY,
                    without,
                    craftedIn(model, left),
                    "%s on %s against %s".formatted(without.words(), left, model));
        }
    }

    /** A repaired model on clean images, under what its original was evaluated under, and attacked itself. */
    private void tryAgain(Repair repair, Subject subject) {
        String words = subject.words();
        clean.put(words, evaluate(Plan.Stage.RETRY, subject, null, words + " on clean images"));
        for (String attack : spec.crafted()) {
            evaluate(
                    Plan.Stage.RETRY,
                    subject,
                    craftedIn(subject.original(), attack),
                    "%s on %s against %s".formatted(words, attack, subject.original()));
        }
        repair.adaptive().forEach(attack -> adapt(subject, attack));
    }

    private String add(
            Plan.Stage stage,
            String what,
            String model,
            long graded,
            long gradients,
            long trained,
            Stream<String> after,
            Step.Action action) {
        String id = "%05d-%s".formatted(steps.size(), stage.name().toLowerCase(Locale.ROOT));
        steps.add(new Step(id, stage, what, model, graded, gradients, trained, after.toList(), action));
        return id;
    }

    private void craft(CraftSpec craft) {
        boolean control = craft.models().isEmpty();
        String model = control ? "" : craft.models().get(0);
        String id = add(
                Plan.Stage.CRAFT,
                words(craft),
                model,
                control ? 0 : train.images(),
                control ? 0 : bench.crafting().evaluations(craft, train.images()),
                0,
                control ? Stream.of() : trainingShards(Subject.original(model), craft.attack()),
                actions.craft(craft));
        crafted.put(key(craft), id);
    }

    private void perturb(CraftSpec craft) {
        String crafting = requireNonNull(crafted.get(key(craft)));
        add(Plan.Stage.PERTURB, words(craft), "", 0, 0, 0, Stream.of(crafting), actions.perturb(crafting));
    }

    private String evaluate(Plan.Stage stage, Subject subject, @Nullable String crafting, String words) {
        List<String> shards = shards(subject, test, crafting, words);
        return add(
                stage,
                words,
                subject.original(),
                shards.isEmpty() ? (long) subject.members() * test.images() : 0,
                0,
                0,
                Stream.of(subject.after(), Stream.ofNullable(crafting), cleanOf(subject), shards.stream())
                        .flatMap(ids -> ids),
                actions.evaluate(subject, crafting));
    }

    /** A fooling rate needs the clean grades too. */
    private Stream<String> cleanOf(Subject subject) {
        return Stream.ofNullable(clean.get(subject.words()));
    }

    /** One step per shard of a dataset; none where there is one shard alone, or nobody wants them apart. */
    private List<String> shards(Subject subject, Dataset dataset, @Nullable String crafting, String words) {
        List<String> ids = new ArrayList<>();
        int count = dataset.shards().size();
        for (int shard = 0; byShard && count > 1 && shard < count; shard++) {
            ids.add(add(
                    Plan.Stage.GRADE,
                    "%s, shard %d of %d of %s".formatted(words, shard + 1, count, dataset.name()),
                    subject.original(),
                    (long) subject.members() * dataset.shards().get(shard).count(),
                    0,
                    0,
                    Stream.concat(subject.after(), Stream.ofNullable(crafting)),
                    actions.gradeShard(subject, dataset, crafting, shard)));
        }
        return ids;
    }

    /** What an attack that looks at images asks first: the clean grades of the images it is crafted on. */
    private Stream<String> trainingShards(Subject subject, String attack) {
        return Attacks.looksAtImages(attack)
                ? training
                        .computeIfAbsent(
                                subject.words(), words -> shards(subject, train, null, words + " on clean images"))
                        .stream()
                : Stream.of();
    }

    private void finetune(Repair repair, String model, String attack) {
        double trained = 1 - FinetuneSpec.DEFAULT_VALIDATION_SHARE;
        int epochs = repair.optimisation().epochs();
        int recraftings = repair.recraftings();
        double validations = 2.0 * (epochs + 1) + repair.mix().pursuers() * (double) epochs + recraftings;
        String crafting = craftedIn(model, attack);
        String id = add(
                Plan.Stage.REPAIR,
                "%s on %s".formatted(model, attack),
                model,
                Math.round(validations * train.images() * (1 - trained))
                        + (Attacks.looksAtImages(attack) ? (long) recraftings * train.images() : 0),
                recraftings
                        * Recrafts.evaluations(
                                bench.crafting().evaluations(spec.craft(attack, model), train.images()),
                                train.images()),
                Math.round(epochs * train.images() * (repair.validation() == null ? trained : 1)),
                Stream.of(crafting),
                actions.finetune(repair, model, crafting));
        repaired.put(key(model, attack), id);
    }

    private Subject ensemble(String model, String words, List<String> attacks) {
        List<String> members =
                attacks.stream().map(attack -> repairedIn(model, attack)).toList();
        String id = add(Plan.Stage.ENSEMBLE, words, "", 0, 0, 0, members.stream(), actions.ensemble(members));
        ensembles.put(words, id);
        return new Subject(model, words, members.size(), id);
    }

    /** An attack crafted against a repaired model itself, and the model under it. */
    private void adapt(Subject subject, String attack) {
        CraftSpec against = spec.craft(attack, subject.original());
        String crafting = craftedIn(subject.original(), attack);
        List<String> shards = trainingShards(subject, attack).toList();
        ToLongFunction<Dataset> images = dataset -> (long) subject.members() * dataset.images();
        String id = add(
                Plan.Stage.ADAPT,
                "%s against %s".formatted(attack, subject.words()),
                subject.original(),
                images.applyAsLong(test) + (shards.isEmpty() ? images.applyAsLong(train) : 0),
                subject.members() * bench.crafting().evaluations(against, train.images()),
                0,
                Stream.of(subject.after(), Stream.of(crafting), cleanOf(subject), shards.stream())
                        .flatMap(ids -> ids),
                actions.adapt(subject, attack));
        anew.computeIfAbsent(subject.words(), words -> new ArrayList<>()).add(new Anew(crafting, id));
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

    static String repairedWords(String model, String attack) {
        return model + "+" + attack;
    }

    static String ensembleOfAll(String model) {
        return "ensemble of " + model;
    }

    static String without(String model, String attack) {
        return "ensemble of %s without %s".formatted(model, attack);
    }

    /** The steps that craft perturbations, controls first. */
    Collection<String> craftings() {
        return crafted.values().stream().sorted().toList();
    }

    /** The step that crafts an attack against an original. */
    String craftedIn(String model, String attack) {
        return requireNonNull(crafted.get(key(model, attack)));
    }

    /** The step that repairs an original on an attack. */
    String repairedIn(String model, String attack) {
        return requireNonNull(repaired.get(key(model, attack)));
    }

    /** The step that puts an ensemble together, where there is one of these words. */
    Optional<String> ensembleIn(String words) {
        return Optional.ofNullable(ensembles.get(words));
    }

    /** What is crafted anew against a repaired model of these words. */
    List<Anew> anew(String words) {
        return anew.getOrDefault(words, List.of());
    }
}
