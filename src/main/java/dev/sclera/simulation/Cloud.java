package dev.sclera.simulation;

import dev.sclera.cost.Usage;
import java.util.List;

/** The cloud that campaigns run on: what it does at a time, and what is counted of it. */
final class Cloud {

    /** Lambda makes so many new environments of a function at once, and again after so many seconds. */
    private static final double RAMP_SECONDS = 10;

    final Engine engine = new Engine();
    final Account account;
    final Bus bus;
    final Station craft;
    final Station evaluate;
    final Station report;
    final Station jobs;
    final RateMeter datasets = new RateMeter();
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
