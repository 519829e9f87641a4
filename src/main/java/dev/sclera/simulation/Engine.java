package dev.sclera.simulation;

import java.util.PriorityQueue;

/** Events in the order of their time; those of one time in the order in which they were asked for. */
final class Engine {

    private record Event(double time, long order, Runnable action) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Double.compare(time, other.time);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private double now;
    private long asked;

    /** The time, in seconds from the start. */
    double now() {
        return now;
    }

    /** How many events there were. */
    long asked() {
        return asked;
    }

    /** Has something happen at a time, which is not before now. */
    void at(double time, Runnable action) {
        if (!(time >= now)) {
            throw new IllegalArgumentException("%s is before %s".formatted(time, now));
        }
        events.add(new Event(time, asked++, action));
    }

    void after(double delay, Runnable action) {
        at(now + delay, action);
    }

    /** Until nothing is left to happen. */
    void run() {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            now = event.time();
            event.action().run();
        }
    }
}
