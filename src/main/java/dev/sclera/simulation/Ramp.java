package dev.sclera.simulation;

/** How fast new environments of a function come: so many at once, and from then on at a rate. */
final class Ramp {

    private final double burst;
    private final double perSecond;
    private double tokens;
    private double counted;

    /**
     * A ramp.
     *
     * @param burst how many come at once, after a pause
     * @param seconds after which as many have come again
     */
    Ramp(double burst, double seconds) {
        this.burst = burst;
        this.perSecond = burst / seconds;
        this.tokens = burst;
    }

    /** As many as one wants. */
    static Ramp none() {
        return new Ramp(Double.MAX_VALUE, 1);
    }

    /** Takes one, where there is one. */
    boolean take(double now) {
        tokens = Math.min(burst, tokens + (now - counted) * perSecond);
        counted = now;
        // what is short of one by rounding alone is one
        if (tokens < 1 - 1e-9) {
            return false;
        }
        tokens--;
        return true;
    }

    /** When the next one comes. */
    double next(double now) {
        return now + Math.max(0, 1 - tokens) / perSecond;
    }
}
