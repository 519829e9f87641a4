package dev.sclera.simulation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Where work waits and is done: a function with its queue, or a queue of jobs. First come, first served; new
 * environments come no faster than the cloud makes them, and one that was made is used again.
 */
final class Station {

    /** Parts of work that are alike; {@code started} and {@code done} are told of each of them. */
    record Parts(long count, double seconds, Runnable started, Runnable done) {}

    /** Parts that wait. */
    private static final class Waiting {

        private final Parts parts;
        private final double since;
        private long left;

        Waiting(Parts parts, double since) {
            this.parts = parts;
            this.since = since;
            this.left = parts.count();
        }
    }

    private final Engine engine;
    private final Account account;
    private final String name;
    private final int limit;
    private final double coldStart;
    private final Ramp ramp;
    private final StationFigures figures = new StationFigures();
    private final Queue<Waiting> queue = new ArrayDeque<>();

    private int busy;
    private int idle;
    private long waiting;
    private boolean ramping;

    /**
     * A station.
     *
     * @param limit how much it does at a time
     * @param ramp how fast new environments come
     * @param coldStart seconds that a new environment takes more
     */
    Station(Engine engine, Account account, String name, int limit, Ramp ramp, double coldStart) {
        this.engine = requireNonNull(engine, "engine is null");
        this.account = requireNonNull(account, "account is null");
        this.name = requireNonNull(name, "name is null");
        this.limit = limit;
        this.ramp = requireNonNull(ramp, "ramp is null");
        this.coldStart = coldStart;
        account.add(this);
    }

    String name() {
        return name;
    }

    int limit() {
        return limit;
    }

    /** What it did, until now. */
    StationFigures figures() {
        figures.at(engine.now(), busy, waiting);
        return figures;
    }

    /** Has parts done as soon as there is room. */
    void submit(Parts parts) {
        figures.at(engine.now(), busy, waiting);
        queue.add(new Waiting(parts, engine.now()));
        waiting += parts.count();
        start();
        figures.queued(busy, waiting);
    }

    /** Starts what there is room for. */
    void start() {
        while (!queue.isEmpty() && busy < limit && !account.full()) {
            boolean cold = idle == 0;
            if (cold && !ramp.take(engine.now())) {
                awaitRamp();
                return;
            }
            figures.at(engine.now(), busy, waiting);
            if (!cold) {
                idle--;
            }
            Waiting first = queue.element();
            if (--first.left == 0) {
                queue.remove();
            }
            waiting--;
            busy++;
            account.taken();
            figures.started(engine.now() - first.since, busy);
            first.parts.started().run();
            engine.after(first.parts.seconds() + (cold ? coldStart : 0), () -> finish(first.parts));
        }
    }

    private void finish(Parts parts) {
        figures.at(engine.now(), busy, waiting);
        figures.finished();
        busy--;
        idle++;
        account.freed();
        parts.done().run();
        start();
    }

    private void awaitRamp() {
        figures.ramped();
        if (!ramping) {
            ramping = true;
            engine.at(ramp.next(engine.now()), () -> {
                ramping = false;
                start();
            });
        }
    }
}
