package dev.sclera.attack;

import org.jspecify.annotations.Nullable;

/**
 * What perturbation to craft; with the model's and the dataset's content it determines the perturbation.
 *
 * @param attack the algorithm's name, see {@link Attacks}
 * @param model the name of the model to craft against; controls need none
 * @param dataset the name of the dataset to craft on
 * @param norm the norm of the bound
 * @param epsilon the bound, in units of the full pixel range: {@code 0 < epsilon <= 1} in L∞, and in L2 up to the norm
 *     of the whole image
 * @param target the grade to aim at, or null for untargeted
 * @param passes how often each crafting image is used; at least 1
 * @param batch images per step; at least 1
 * @param step the step size, relative to epsilon; null for the algorithm's default
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
        long seed) {}
