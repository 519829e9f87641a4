package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Recipe;
import org.jspecify.annotations.Nullable;

/**
 * What perturbation to craft; with the model's and the dataset's content it determines the perturbation.
 *
 * @param attack the algorithm's name, see {@link Attacks}
 * @param model the name of the model to craft against; controls need none
 * @param dataset the name of the dataset to craft on
 * @param norm the norm of the bound
 * @param epsilon the bound, in units of the full pixel range: {@code 0 < epsilon <= 1} in L∞, above 0 in L2
 * @param target the grade to aim at, 0 to 4, or null for untargeted
 * @param passes how often each crafting image is used, 1 to 1000
 * @param batch images per step, 1 to 4096
 * @param step the first step's size relative to epsilon, above 0 and at most 2; null for the algorithm's default
 * @param seed of everything random
 */
public record CraftSpec(
        String attack,
        @Nullable String model,
        String dataset,
        Norm norm,
        double epsilon,
        @Nullable Integer target,
        int passes,
        int batch,
        @Nullable Double step,
        long seed) {

    /** How often each crafting image is used where nobody says. */
    public static final int DEFAULT_PASSES = 3;

    /** Images per step where nobody says. */
    public static final int DEFAULT_BATCH = 32;

    public CraftSpec {
        requireNonNull(attack, "attack is null");
        requireNonNull(dataset, "dataset is null");
        requireNonNull(norm, "norm is null");
    }

    /**
     * Checks every value, before any work starts.
     *
     * @throws InvalidValueException where one is not allowed
     */
    public void check() {
        boolean control = Attacks.control(attack);
        if (!control && model == null) {
            throw new InvalidValueException(
                    "model", "none", "the name of a model, for \"" + attack + "\" is crafted against one");
        }
        if (norm == Norm.LINF && !(epsilon > 0 && epsilon <= 1)) {
            throw new InvalidValueException("epsilon", epsilon, "0 < epsilon <= 1 in L∞, for example 8/255");
        }
        if (norm == Norm.L2 && !(epsilon > 0 && Double.isFinite(epsilon))) {
            throw new InvalidValueException("epsilon", epsilon, "epsilon > 0 in L2, for example 10");
        }
        if (target != null && (target < 0 || target > 4)) {
            throw new InvalidValueException("target", target, "a grade from 0 to 4");
        }
        if (passes < 1 || passes > 1000) {
            throw new InvalidValueException("passes", passes, "1 to 1000");
        }
        if (batch < 1 || batch > 4096) {
            throw new InvalidValueException("batch", batch, "1 to 4096");
        }
        if (Math.abs((double) seed) > Recipe.LARGEST_WHOLE) {
            throw new InvalidValueException(
                    "seed",
                    seed,
                    "a whole number from -9007199254740991 to 9007199254740991, as JSON holds it exactly");
        }
        if (step != null && !(step > 0 && step <= 2)) {
            throw new InvalidValueException("step", step, "0 < step <= 2, relative to epsilon");
        }
    }
}
