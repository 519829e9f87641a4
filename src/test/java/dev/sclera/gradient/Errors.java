package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

/** How far computed values are from expected ones. */
final class Errors {

    private Errors() {}

    /** The largest difference, relative to the largest magnitude of what is expected. */
    static double relative(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        return difference / largest;
    }

    /** The length of the difference, relative to that of what is expected. */
    static double relativeDistance(float[] actual, float[] expected) {
        double distance = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            distance += Math.pow(actual[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(distance / length);
    }

    /** The share of values whose signs agree. */
    static double signAgreement(float[] actual, float[] expected) {
        int agreeing = 0;
        for (int i = 0; i < expected.length; i++) {
            agreeing += Math.signum(actual[i]) == Math.signum(expected[i]) ? 1 : 0;
        }
        return (double) agreeing / expected.length;
    }
}
