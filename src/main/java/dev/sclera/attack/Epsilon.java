package dev.sclera.attack;

import dev.sclera.problem.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** The bound on a perturbation as people write it: a decimal number, or a fraction such as {@code 8/255}. */
public final class Epsilon {

    private static final String ALLOWED = "a number such as 0.03, or a fraction such as 8/255";

    private Epsilon() {}

    /**
     * Reads a bound. Whether it is in the range of its norm is checked by {@link CraftSpec#check()}.
     *
     * @throws InvalidValueException where it is no finite number
     */
    public static double parse(@Nullable String said) {
        if (said == null) {
            throw new InvalidValueException("epsilon", "none", ALLOWED);
        }
        String[] parts = said.strip().split("/", -1);
        if (parts.length > 2) {
            throw new InvalidValueException("epsilon", said, ALLOWED);
        }
        double value = number(said, parts[0]) / (parts.length == 2 ? number(said, parts[1]) : 1);
        if (!Double.isFinite(value)) {
            throw new InvalidValueException("epsilon", said, ALLOWED);
        }
        return value;
    }

    private static double number(String said, String part) {
        try {
            return Double.parseDouble(part.strip());
        } catch (NumberFormatException e) {
            throw new InvalidValueException("epsilon", said, ALLOWED);
        }
    }
}
