package dev.sclera.simulation;

/** An event bus that takes so many events a second; who sends more tries again until all are taken. */
final class Bus {

    private final Engine engine;
    private final double perSecond;
    private final RateMeter wanted = new RateMeter();
    private double free;
    private double longestDelay;
    private long events;

    Bus(Engine engine, double perSecond) {
        this.engine = engine;
        this.perSecond = perSecond;
    }

    /** Sends events, and goes on when all of them are delivered. */
    void publish(long count, Runnable delivered) {
        events += count;
        wanted.count(engine.now(), count);
        free = Math.max(engine.now(), free) + count / perSecond;
        longestDelay = Math.max(longestDelay, free - engine.now());
        engine.at(free, delivered);
    }

    /** The most events that were to be sent within one second. */
    double peakWanted() {
        return wanted.peak();
    }

    double longestDelay() {
        return longestDelay;
    }

    long events() {
        return events;
    }
}
