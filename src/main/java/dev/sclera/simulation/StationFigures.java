package dev.sclera.simulation;

/** What a station did: counts, and integrals over time of what it did and of what waited. */
final class StationFigures {

    private double counted;
    private double busyArea;
    private double waitingArea;
    private double waited;
    private double longestWait;
    private int peakBusy;
    private long peakWaiting;
    private long peakWanted;
    private long started;
    private long finished;
    private boolean ramped;

    /** What was until now. */
    void at(double now, int busy, long waiting) {
        busyArea += (now - counted) * busy;
        waitingArea += (now - counted) * waiting;
        counted = now;
    }

    void queued(int busy, long waiting) {
        peakWaiting = Math.max(peakWaiting, waiting);
        peakWanted = Math.max(peakWanted, waiting + busy);
    }

    void started(double wait, int busy) {
        started++;
        waited += wait;
        longestWait = Math.max(longestWait, wait);
        peakBusy = Math.max(peakBusy, busy);
    }

    void finished() {
        finished++;
    }

    void ramped() {
        ramped = true;
    }

    long startedParts() {
        return started;
    }

    long finishedParts() {
        return finished;
    }

    int peakBusy() {
        return peakBusy;
    }

    long peakWaiting() {
        return peakWaiting;
    }

    /** The most that would have run at a time, had there been room for all of it. */
    long peakWanted() {
        return peakWanted;
    }

    /** Whether something waited for a new environment. */
    boolean waitedForRamp() {
        return ramped;
    }

    /** Seconds of work, all parts together. */
    double busySeconds() {
        return busyArea;
    }

    /** How many waited, on average over the time until now. */
    double meanWaiting() {
        return counted == 0 ? 0 : waitingArea / counted;
    }

    double meanBusy() {
        return counted == 0 ? 0 : busyArea / counted;
    }

    double meanWait() {
        return started == 0 ? 0 : waited / started;
    }

    double longestWait() {
        return longestWait;
    }
}
