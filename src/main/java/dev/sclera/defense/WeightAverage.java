package dev.sclera.defense;

import java.util.LinkedHashMap;
import java.util.Map;

/** The average of weights over the course of training; mutable. */
final class WeightAverage {

    private final Averaging averaging;
    private final int epochs;
    private final Map<String, float[]> mean;
    private long count;

    /**
     * An average.
     *
     * @param epochs of the whole training
     * @param mean so far; empty where nothing was averaged yet
     * @param count how many weights it is the mean of
     */
    WeightAverage(Averaging averaging, int epochs, Map<String, float[]> mean, long count) {
        this.averaging = averaging;
        this.epochs = epochs;
        this.mean = new LinkedHashMap<>(mean);
        this.count = count;
    }

    /** Whether weights are wanted after each step. */
    boolean followsSteps() {
        return averaging.kind() == Averaging.Kind.EMA;
    }

    void stepEnded(Map<String, float[]> weights) {
        double decay = Math.min(averaging.decay(), (1.0 + count) / (10 + count));
        add(weights, count == 0 ? 1 : 1 - decay);
    }

    /** @param epoch how many epochs are done */
    void epochEnded(int epoch, Map<String, float[]> weights) {
        if (averaging.kind() == Averaging.Kind.SWA && epoch > averaging.start() * epochs) {
            add(weights, 1.0 / (count + 1));
        }
    }

    private void add(Map<String, float[]> weights, double share) {
        float part = (float) share;
        weights.forEach((name, values) -> {
            float[] average = mean.computeIfAbsent(name, absent -> values.clone());
            for (int i = 0; i < average.length; i++) {
                average[i] += part * (values[i] - average[i]);
            }
        });
        count++;
    }

    /** The average, or the given weights where there is none yet. */
    Map<String, float[]> or(Map<String, float[]> weights) {
        return mean.isEmpty() ? weights : mean;
    }

    /** The average so far; not to be written to. */
    Map<String, float[]> mean() {
        return mean;
    }

    long count() {
        return count;
    }
}
