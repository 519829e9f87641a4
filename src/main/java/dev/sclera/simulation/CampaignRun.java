package dev.sclera.simulation;

import dev.sclera.campaign.Plan;
import dev.sclera.campaign.Plan.Stage;
import dev.sclera.cost.Cut;
import dev.sclera.cost.Usage;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * One model's campaign: its pieces of work in phases, each begun by the events that end the one before. What a phase
 * holds runs at the same time.
 */
final class CampaignRun {

    private static final List<Set<Stage>> PHASES = List.of(
            Set.of(Stage.CRAFT),
            Set.of(Stage.PERTURB, Stage.EVALUATE, Stage.REPAIR),
            Set.of(Stage.ENSEMBLE),
            Set.of(Stage.RETRY, Stage.ADAPT),
            Set.of(Stage.REPORT));

    /** Of the reads of an invocation, those of the model itself. */
    private static final double MODEL_READS = 4;

    private final Cloud cloud;
    private final List<Plan.Item> items;
    private final Function<Plan.Item, Cut> cuts;
    private final long testImages;
    private final double redelivery;
    private final DoubleUnaryOperator jitter;
    private final Runnable ended;
    private final RateMeter modelReads = new RateMeter();
    private final RateMeter modelWrites = new RateMeter();

    private int phase;
    private long open;

    CampaignRun(
            Cloud cloud,
            List<Plan.Item> items,
            Function<Plan.Item, Cut> cuts,
            long testImages,
            double redelivery,
            DoubleUnaryOperator jitter,
            Runnable ended) {
        this.cloud = cloud;
        this.items = items;
        this.cuts = cuts;
        this.testImages = testImages;
        this.redelivery = redelivery;
        this.jitter = jitter;
        this.ended = ended;
    }

    /** The model was uploaded. */
    void begin() {
        cloud.bus().publish(1, this::nextPhase);
    }

    private void nextPhase() {
        while (phase < PHASES.size()) {
            Set<Stage> stages = PHASES.get(phase++);
            List<Plan.Item> now =
                    items.stream().filter(item -> stages.contains(item.stage())).toList();
            if (!now.isEmpty()) {
                open = now.size();
                now.forEach(this::begin);
                return;
            }
        }
        cloud.modelPeaks(modelReads.peak(), modelWrites.peak());
        cloud.bus().publish(1, ended);
    }

    private void begin(Plan.Item item) {
        Cut cut = cuts.apply(item);
        Runnable done = () -> ended(item, cut);
        switch (cut.kind()) {
            case CHAIN -> cloud.bus().publish(1, () -> chain(station(item.stage()), cut, cut.parts(), done));
            case FAN_OUT -> cloud.bus().publish(cut.parts(), () -> fanOut(cut, done));
            case JOB -> submit(cloud.jobs(), cut, 1, done);
        }
    }

    private Station station(Stage stage) {
        return stage == Stage.REPORT ? cloud.report() : cloud.craft();
    }

    /** The message of a part that ran out of time comes again by itself, and no sooner than its queue has it. */
    private void chain(Station station, Cut cut, long left, Runnable done) {
        submit(station, cut, 1, () -> {
            if (left == 1) {
                done.run();
            } else {
                cloud.engine()
                        .after(Math.max(0, redelivery - cut.seconds()), () -> chain(station, cut, left - 1, done));
            }
        });
    }

    private void fanOut(Cut cut, Runnable done) {
        long[] left = {cut.parts()};
        submit(cloud.evaluate(), cut, cut.parts(), () -> {
            if (--left[0] == 0) {
                gather(cut, done);
            }
        });
    }

    private void gather(Cut cut, Runnable done) {
        Cut.Gathering gathering = cut.gathering();
        if (gathering == null) {
            done.run();
        } else {
            cloud.bus()
                    .publish(
                            1,
                            () -> submit(
                                    cloud.report(), 1, gathering.seconds(), gathering.reads(), cut.writes(), done));
        }
    }

    private void submit(Station station, Cut cut, long count, Runnable done) {
        submit(station, count, cut.seconds(), cut.reads(), cut.writes(), done);
    }

    private void submit(Station station, long count, double mean, double reads, double writes, Runnable done) {
        double seconds = jitter.applyAsDouble(mean);
        double spreadReads = Math.max(0, reads - Cut.READS_AT_START) / seconds;
        double spreadWrites = writes / seconds;
        Runnable started = () -> {
            double now = cloud.engine().now();
            modelReads.count(now, MODEL_READS);
            cloud.datasets().count(now, Cut.READS_AT_START - MODEL_READS);
            cloud.datasets().rate(now, spreadReads);
            modelWrites.rate(now, spreadWrites);
        };
        Runnable finished = () -> {
            double now = cloud.engine().now();
            cloud.datasets().rate(now, -spreadReads);
            modelWrites.rate(now, -spreadWrites);
            done.run();
        };
        station.submit(new Station.Parts(count, seconds, started, finished));
    }

    private void ended(Plan.Item item, Cut cut) {
        cloud.used(Usage.of(cut, item.stage() == Stage.PERTURB ? testImages : 0));
        if (--open == 0) {
            nextPhase();
        }
    }
}
