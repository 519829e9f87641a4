package dev.sclera.simulation;

import dev.sclera.cost.Usage;
import java.util.List;

/** The cloud that campaigns run on: what it does at a time, and what is counted of it. */
final class Cloud {

    /** Lambda makes so many new environments of a function at once, and again after so many seconds. */
    private static final double RAMP_SECONDS = 10;

    private final Engine engine = new Engine();
    private final RateMeter datasets = new RateMeter();
    private final Account account;
    private final Bus bus;
    private final Station craft;
    private final Station evaluate;
    private final Station report;
    private final Station jobs;
    private double modelReads;
    private double modelWrites;
    private Usage usage = Usage.NONE;

    Cloud(Scenario scenario) {
        account = new Account(scenario.concurrency());
        bus = new Bus(engine, scenario.eventsPerSecond());
        evaluate = function("evaluate", scenario.evaluate(), scenario);
        craft = function("craft", scenario.concurrency(), scenario);
        report = function("report", scenario.concurrency(), scenario);
        jobs = new Station(engine, new Account(Integer.MAX_VALUE), "jobs", scenario.gpus(), Ramp.none(), 0);
    }

    private Station function(String name, int limit, Scenario scenario) {
        return new Station(
                engine, account, name, limit, new Ramp(scenario.burst(), RAMP_SECONDS), scenario.coldStart());
    }

    Engine engine() {
        return engine;
    }

    /** The most functions that ran at a time. */
    int peak() {
        return account.peak();
    }

    Bus bus() {
        return bus;
    }

    /** The function that crafts, attacks anew, and puts ensembles together. */
    Station craft() {
        return craft;
    }

    /** The function that evaluates shards. */
    Station evaluate() {
        return evaluate;
    }

    /** The function that puts parts together, and reports. */
    Station report() {
        return report;
    }

    /** The queue of fine-tuning jobs. */
    Station jobs() {
        return jobs;
    }

    /** Requests for what all campaigns share: datasets above all. */
    RateMeter datasets() {
        return datasets;
    }

    List<Station> stations() {
        return List.of(craft, evaluate, report, jobs);
    }

    void used(Usage more) {
        usage = usage.plus(more);
    }

    Usage usage() {
        return usage;
    }

    /** The most requests within a second below one model's keys. */
    void modelPeaks(double reads, double writes) {
        modelReads = Math.max(modelReads, reads);
        modelWrites = Math.max(modelWrites, writes);
    }

    double modelReads() {
        return modelReads;
    }

    double modelWrites() {
        return modelWrites;
    }
}
