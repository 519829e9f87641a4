package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

/** Two figures for each of several subjects, checked, as their differences. */
final class PairedFigures {

    /** Beyond this, squares of differences would overflow. */
    private static final double LARGEST = 1e100;

    private static final int ULPS_OF_ROUNDING = 16;

    private final double[] differences;
    private final double rounding;

    /**
     * @param first {@code [n]}, each finite
     * @param second {@code [n]}, each finite, of the same subjects in the same order
     * @throws IllegalArgumentException if the lengths differ, or a figure is not finite or beyond 1e100
     */
    PairedFigures(double[] first, double[] second) {
        requireNonNull(first, "first is null");
        requireNonNull(second, "second is null");
        if (first.length != second.length) {
            throw new IllegalArgumentException("first has " + first.length + " figures and second has " + second.length
                    + ", but they have to come in pairs.");
        }
        differences = new double[first.length];
        double largest = 0;
        for (int i = 0; i < first.length; i++) {
            differences[i] = inRange("first", first, i) - inRange("second", second, i);
            largest = Math.max(largest, Math.max(Math.abs(first[i]), Math.abs(second[i])));
        }
        rounding = ULPS_OF_ROUNDING * Math.ulp(largest);
    }

    private static double inRange(String name, double[] figures, int pair) {
        double figure = figures[pair];
        if (!(Math.abs(figure) <= LARGEST)) {
            throw new IllegalArgumentException(name + "[" + pair + "] is " + figure
                    + ", but has to be finite and at most " + LARGEST + " in size.");
        }
        return figure;
    }

    /** First minus second, {@code [n]}. */
    double[] differences() {
        return differences.clone();
    }

    /** How much of a difference is the error of floating-point arithmetic, at most. */
    double rounding() {
        return rounding;
    }

    /**
     * The differences on a grid as coarse as their rounding, so that what is tied on paper is tied here, and what is 0
     * there is 0 here.
     */
    double[] differencesThatTie() {
        double[] tied = differences.clone();
        for (int i = 0; i < tied.length; i++) {
            tied[i] = Math.rint(tied[i] / rounding) * rounding;
        }
        return tied;
    }
}
