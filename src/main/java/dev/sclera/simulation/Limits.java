package dev.sclera.simulation;

import dev.sclera.cost.Platform;
import dev.sclera.simulation.Outcome.Limit;
import java.util.List;

/** What a cloud allows, beside what was asked of it, and what keeps the design inside. */
final class Limits {

    /** Of us-east-1; AWS documents it. */
    private static final double RULE_INVOCATIONS = 18_750;

    /** Messages of a standard queue that are received and not deleted; AWS documents it. */
    private static final double IN_FLIGHT = 120_000;

    /** For how long a queue keeps a message, at most; AWS documents it. */
    private static final double RETENTION = 14 * 86_400;

    private final Scenario scenario;
    private final Platform platform;
    private final Cloud cloud;

    Limits(Scenario scenario, Platform platform, Cloud cloud) {
        this.scenario = scenario;
        this.platform = platform;
        this.cloud = cloud;
    }

    List<Limit> all() {
        StationFigures evaluate = cloud.evaluate().figures();
        double wanted = cloud.craft().figures().peakWanted()
                + evaluate.peakWanted()
                + cloud.report().figures().peakWanted();
        return List.of(
                limit(
                        "functions at a time, of the account",
                        scenario.concurrency(),
                        wanted,
                        "a queue before each function; maximum concurrency of evaluate's queue %d, which leaves %d to the others"
                                .formatted(
                                        scenario.evaluate(),
                                        Math.max(0, scenario.concurrency() - scenario.evaluate()))),
                new Limit(
                        "new environments of a function in 10 s",
                        scenario.burst(),
                        Math.min(evaluate.peakWanted(), scenario.evaluate()),
                        evaluate.waitedForRamp() || cloud.craft().figures().waitedForRamp(),
                        "queues hold what waits; nothing is called synchronously"),
                limit(
                        "events a second, PutEvents",
                        scenario.eventsPerSecond(),
                        cloud.bus().peakWanted(),
                        "ten to a request, and tried again: the longest delay was %.0f s"
                                .formatted(cloud.bus().longestDelay())),
                limit(
                        "rule invocations a second, of the bus",
                        RULE_INVOCATIONS,
                        cloud.bus().peakWanted(),
                        "delayed by the bus itself; most regions allow less: 4500 in eu-central-1"),
                limit(
                        "reads a second, of what all campaigns share",
                        scenario.readsPerPrefix(),
                        cloud.datasets().peak(),
                        "maximum concurrency of evaluate; a dataset's copies under further prefixes where that is too low"),
                limit(
                        "reads a second, of one model's keys",
                        scenario.readsPerPrefix(),
                        cloud.modelReads(),
                        "an environment keeps the model that it has read"),
                limit(
                        "writes a second, of one model's keys",
                        scenario.writesPerPrefix(),
                        cloud.modelWrites(),
                        "one object per shard of 256 images, below a prefix per model, dataset and variant"),
                limit("messages in flight, of one queue", IN_FLIGHT, evaluate.peakBusy(), "as many as run at a time"),
                limit(
                        "seconds that a message waits",
                        RETENTION,
                        evaluate.longestWait(),
                        "more concurrency, or models in portions; events are made anew from the store by redrive"),
                limit(
                        "seconds of an invocation",
                        900,
                        platform.deadline() + platform.overhead(),
                        "work is cut by time, and goes on from its checkpoint"),
                limit(
                        "jobs at a time",
                        scenario.gpus(),
                        cloud.jobs().figures().peakWanted(),
                        "the job queue holds them: the longest wait was %.1f h"
                                .formatted(cloud.jobs().figures().longestWait() / 3600)));
    }

    private static Limit limit(String what, double allowed, double asked, String answer) {
        return new Limit(what, allowed, asked, asked > allowed, answer);
    }
}
