package dev.sclera.simulation;

/**
 * The most requests of a second: what comes at once is counted by whole seconds, what is spread over the time of some
 * work is a rate that lasts as long. Times must not go back.
 */
final class RateMeter {

    private long second = -1;
    private double ofSecond;
    private double rate;
    private double peak;
    private double total;

    /** So many at once. */
    void count(double now, double requests) {
        long current = (long) now;
        if (current != second) {
            second = current;
            ofSecond = 0;
        }
        ofSecond += requests;
        total += requests;
        peak = Math.max(peak, ofSecond + rate);
    }

    /** So many a second from now on, or no longer where it is negative. */
    void rate(double now, double change) {
        rate += change;
        count(now, 0);
    }

    /** So many, of what was spread. */
    void spread(double requests) {
        total += requests;
    }

    double peak() {
        return peak;
    }

    double total() {
        return total;
    }
}
