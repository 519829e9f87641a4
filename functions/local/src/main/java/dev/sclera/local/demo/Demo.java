package dev.sclera.local.demo;

import static java.util.Objects.requireNonNull;

import dev.sclera.architecture.Architecture;
import dev.sclera.ascent.Norm;
import dev.sclera.attack.CraftSettings;
import dev.sclera.campaign.Campaign;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.Repair;
import dev.sclera.dataset.Split;
import dev.sclera.dataset.SyntheticRequest;
import dev.sclera.defense.Optimisation;
import dev.sclera.defense.TrainingSpec;
import dev.sclera.local.Operations;
import dev.sclera.problem.ConflictException;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.report.Thresholds;
import dev.sclera.store.Keys;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Draws photographs, trains two graders on them, and runs a whole campaign on those. Every step finds what it made
 * before, so a demo that was cut off goes on where it was. What it makes is called synthetic by name.
 */
public final class Demo {

    /**
     * At which small graders are fooled and noise of the same strength changes far fewer of their grades; at the usual
     * 8/255 noise alone changes most of them.
     */
    private static final double EPSILON = 2 / 255.0;

    private final DemoSize size;
    private final long seed;
    private final String photographs;

    /** @param seed of all that is random; each seed and size has datasets and models of its own */
    public Demo(DemoSize size, long seed) {
        this.size = requireNonNull(size, "size is null");
        this.seed = seed;
        this.photographs = SyntheticRequest.PREFIX + size.label() + (seed == 0 ? "" : "-" + seed);
    }

    /**
     * Does what is not done yet.
     *
     * @param reader who is told why things are done, a line at a time
     * @throws ConflictException where a name is taken, as after a change of Sclera itself
     */
    public Report run(Operations operations, Consumer<String> reader) {
        Progress progress = new Purposes(operations.progress(), reader);
        operations
                .synthetic()
                .make(
                        new SyntheticRequest(
                                photographs,
                                size.pixels(),
                                SyntheticRequest.equal(size.perGrade()),
                                seed,
                                new Split(0.6, 0.15, 0.25, seed)),
                        progress);
        List<String> graders = Stream.of(Architecture.values())
                .map(architecture -> train(architecture, operations, progress))
                .toList();
        Campaign campaign = operations.campaigns().run(campaign(graders), progress);
        return operations.artifacts().get("report", Keys.report(campaign.report()), Report.class);
    }

    private String train(Architecture architecture, Operations operations, Progress progress) {
        String name = photographs + "-" + architecture.label();
        TrainingSpec usual = TrainingSpec.of(part("train"), part("val"), name);
        operations
                .training()
                .run(
                        architecture.network(name, size.pixels(), seed),
                        new TrainingSpec(
                                usual.dataset(),
                                usual.validation(),
                                TrainingSpec.FROM_SCRATCH.during(
                                        size.epochs(), TrainingSpec.FROM_SCRATCH.learningRate()),
                                usual.batchStatistics(),
                                usual.augmentation(),
                                0,
                                seed,
                                name),
                        progress);
        return name;
    }

    private CampaignSpec campaign(List<String> graders) {
        return new CampaignSpec(
                graders,
                part("train"),
                part("test"),
                size.attacks(),
                new CraftSettings(
                        Norm.LINF,
                        EPSILON,
                        null,
                        size.passes(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        Set.of(),
                        Map.of(),
                        seed),
                repair(),
                Thresholds.DEFAULT);
    }

    private Repair repair() {
        Repair usual = Repair.of(size.attacks().subList(0, 1));
        return new Repair(
                part("val"),
                usual.mix(),
                // these graders are young: they move further than a grown one should
                Optimisation.DEFAULT.during(size.repairEpochs(), 2e-3),
                usual.layers(),
                usual.batchStatistics(),
                usual.augmentation(),
                usual.averaging(),
                usual.stopping(),
                usual.recraftEvery(),
                seed,
                true,
                usual.adaptive());
    }

    private String part(String split) {
        return photographs + "-" + split;
    }
}
