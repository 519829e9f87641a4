package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import java.util.Map;

/**
 * Whether the repaired model has the last weights or an average over the training's course.
 *
 * @param kind of average
 * @param decay of {@link Kind#EMA}, how much of the average stays at each step, 0 to below 1
 * @param start of {@link Kind#SWA}, after which share of the epochs it begins, 0 to below 1
 */
public record Averaging(Kind kind, double decay, double start) {

    /** The last weights. */
    public static final Averaging NONE = new Averaging(Kind.NONE, 0.99, 0.5);

    public Averaging {
        requireNonNull(kind, "kind is null");
    }

    /** Averages. */
    public enum Kind {
        /** None. */
        NONE,
        /** A running mean that forgets, taken at every step; at first it forgets faster: {@code (1+t)/(10+t)}. */
        EMA,
        /** The plain mean over the ends of epochs (Izmailov et al. 2018, <i>Averaging Weights</i>). */
        SWA
    }

    void check() {
        below1("averaging.decay", decay);
        below1("averaging.start", start);
    }

    private static void below1(String field, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new InvalidValueException(field, value, "0 to below 1");
        }
    }

    Map<String, Object> parameters() {
        return switch (kind) {
            case NONE -> Map.of("kind", "NONE");
            case EMA -> Map.of("kind", "EMA", "decay", decay);
            case SWA -> Map.of("kind", "SWA", "start", start);
        };
    }
}
