package dev.sclera.metrics;

/** Checks of settings that lie strictly between 0 and a bound. */
final class Proportions {

    private Proportions() {}

    /** @throws IllegalArgumentException if the value is not above 0 and below the bound */
    static double requireInside(String name, double value, double bound) {
        if (!(value > 0 && value < bound)) {
            String said = bound == 1 ? "1" : Double.toString(bound);
            throw new IllegalArgumentException(
                    name + " is " + value + ", but has to be above 0 and below " + said + ".");
        }
        return value;
    }
}
