package dev.sclera.simulation;

import java.util.ArrayList;
import java.util.List;

/** What all functions of an account may run at a time, together. */
final class Account {

    private final int limit;
    private final List<Station> stations = new ArrayList<>();
    private int busy;
    private int peak;
    private int next;

    Account(int limit) {
        this.limit = limit;
    }

    void add(Station station) {
        stations.add(station);
    }

    boolean full() {
        return busy >= limit;
    }

    int peak() {
        return peak;
    }

    void taken() {
        busy++;
        peak = Math.max(peak, busy);
    }

    /** One is free again: those that wait are asked in turns. */
    void freed() {
        busy--;
        for (int i = 0; i < stations.size() && !full(); i++) {
            stations.get(next++ % stations.size()).start();
        }
    }
}
