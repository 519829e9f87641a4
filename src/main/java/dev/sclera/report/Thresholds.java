package dev.sclera.report;

import dev.sclera.metrics.Equivalence;
import dev.sclera.problem.InvalidValueException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a team asks of a grader before it is let through; the report's verdict says whether it is met.
 *
 * @param attackedKappa the least quadratic kappa under the strongest attack crafted against the grader itself, −1 to 1
 * @param foolingRate the most of its grades that such an attack may change, 0 to 1
 * @param unseenGain the least mean gain in quadratic kappa on attacks that a repair has not seen, −2 to 2
 * @param cleanMargin by how much a repair may change the quadratic kappa of clean images: it has to be shown to be
 *     less, above 0 to 2
 */
public record Thresholds(double attackedKappa, double foolingRate, double unseenGain, double cleanMargin) {

    /** Under attack as good as a grader that is just usable, a fifth of the grades changed, a gain of 10 points. */
    public static final Thresholds DEFAULT = new Thresholds(0.6, 0.2, 0.1, Equivalence.DEFAULT_MARGIN);

    /** @throws InvalidValueException where a value is not allowed */
    public void check() {
        range("thresholds.attackedKappa", attackedKappa, -1, 1);
        range("thresholds.foolingRate", foolingRate, 0, 1);
        range("thresholds.unseenGain", unseenGain, -2, 2);
        if (!(cleanMargin > 0 && cleanMargin <= 2)) {
            throw new InvalidValueException("thresholds.cleanMargin", cleanMargin, "above 0 and at most 2");
        }
    }

    private static void range(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidValueException(field, value, "%s to %s".formatted(least, most));
        }
    }

    /** By name, for a recipe. */
    public Map<String, Object> parameters() {
        return new TreeMap<>(Map.of(
                "attackedKappa",
                attackedKappa,
                "foolingRate",
                foolingRate,
                "unseenGain",
                unseenGain,
                "cleanMargin",
                cleanMargin));
    }
}
