package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.ascent.Norm;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.Recipe;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How perturbations are crafted, whatever the attack; what is null takes the attack's own default.
 *
 * @param norm the norm of the bound
 * @param epsilon the bound, in units of the full pixel range: {@code 0 < epsilon <= 1} in L∞, above 0 in L2 and L1
 * @param target the grade to aim at, 0 to 4, or null for untargeted
 * @param passes the budget as evaluations per crafting image and model, 1 to 1000: for an attack that goes through the
 *     images with one gradient each, how often each is used
 * @param budget the budget as evaluations in all, at least 1, in place of {@code passes}. One evaluation is one image
 *     through one model, forward, or forward and backward
 * @param seconds after how long to stop with what there is, above 0, or null to go on until the budget is spent; what
 *     comes of it depends on the machine
 * @param stopAt the fooling rate on the crafting images, above 0 and at most 1, at which to stop; null to go on. A run
 *     ends after a pass in which so many of the images that it asked about were fooled; one whose mini-batches speak
 *     for all images, as soon as so many of all are seen to be, in 8 bits
 * @param batch images per step, 1 to 4096
 * @param step the first step's size relative to epsilon, above 0 and at most 2
 * @param augment changes of the images on the way that make δ transfer better, of {@link Augmentations#names()}
 * @param options what is set of one attack alone, by name; where several attacks are meant, by {@code attack.name}
 * @param seed of everything random
 */
public record CraftSettings(
        Norm norm,
        double epsilon,
        @Nullable Integer target,
        @Nullable Integer passes,
        @Nullable Long budget,
        @Nullable Double seconds,
        @Nullable Double stopAt,
        @Nullable Integer batch,
        @Nullable Double step,
        Set<String> augment,
        Map<String, String> options,
        long seed) {

    public CraftSettings {
        requireNonNull(norm, "norm is null");
        // sorted: settings that mean the same are written the same
        augment = Collections.unmodifiableSet(new TreeSet<>(augment));
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** Settings of which only the bound is said. */
    public static CraftSettings of(Norm norm, double epsilon, long seed) {
        return new CraftSettings(norm, epsilon, null, null, null, null, null, null, null, Set.of(), Map.of(), seed);
    }

    /** These settings with the options that are meant for one of several attacks. */
    public CraftSettings of(String attack) {
        Map<String, String> own = new TreeMap<>();
        options.forEach((name, value) -> {
            if (name.startsWith(attack + ".")) {
                own.put(name.substring(attack.length() + 1), value);
            }
        });
        return new CraftSettings(
                norm, epsilon, target, passes, budget, seconds, stopAt, batch, step, augment, own, seed);
    }

    /** All that is said, by name, for a recipe; what is left open is not there. */
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("norm", norm.name().toLowerCase(Locale.ROOT));
        parameters.put("epsilon", epsilon);
        parameters.put("seed", seed);
        put(parameters, "target", target);
        put(parameters, "passes", passes);
        put(parameters, "budget", budget);
        put(parameters, "seconds", seconds);
        put(parameters, "stopAt", stopAt);
        put(parameters, "batch", batch);
        put(parameters, "step", step);
        put(parameters, "augment", augment.isEmpty() ? null : List.copyOf(augment));
        put(parameters, "options", options.isEmpty() ? null : options);
        return parameters;
    }

    private static void put(Map<String, Object> parameters, String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    /**
     * Checks that every option is meant for one of several attacks.
     *
     * @throws InvalidValueException where one is not
     */
    public void requireOptionsOf(Collection<String> attacks) {
        for (String name : options.keySet()) {
            if (attacks.stream().noneMatch(attack -> name.startsWith(attack + "."))) {
                throw new InvalidValueException(
                        "options", name, "<attack>.<option>, the attack being one of " + String.join(", ", attacks));
            }
        }
    }

    /**
     * Checks every value that does not depend on the attack.
     *
     * @throws InvalidValueException where one is not allowed
     */
    void check() {
        if (norm == Norm.LINF) {
            require("epsilon", epsilon, epsilon > 0 && epsilon <= 1, "0 < epsilon <= 1 in L∞, for example 8/255");
        } else {
            String example = norm == Norm.L2 ? "10" : "1000";
            require(
                    "epsilon",
                    epsilon,
                    epsilon > 0 && Double.isFinite(epsilon),
                    "epsilon > 0 in %s, for example %s".formatted(norm, example));
        }
        require("target", target, target == null || (target >= 0 && target <= 4), "a grade from 0 to 4");
        require("passes", passes, passes == null || (passes >= 1 && passes <= 1000), "1 to 1000");
        require("budget", budget, budget == null || (budget >= 1 && budget <= 1_000_000_000), "1 to 1000000000");
        require("budget", budget, budget == null || passes == null, "either this or \"passes\", not both");
        require("seconds", seconds, seconds == null || (seconds > 0 && seconds < 1e9), "seconds > 0");
        require("stopAt", stopAt, stopAt == null || (stopAt > 0 && stopAt <= 1), "0 < stopAt <= 1, a fooling rate");
        require("batch", batch, batch == null || (batch >= 1 && batch <= 4096), "1 to 4096");
        require("step", step, step == null || (step > 0 && step <= 2), "0 < step <= 2, relative to epsilon");
        Augmentations.check(augment);
        require(
                "seed",
                seed,
                Math.abs((double) seed) <= Recipe.LARGEST_WHOLE,
                "a whole number from -9007199254740991 to 9007199254740991, as JSON holds it exactly");
    }

    private static void require(String field, @Nullable Object value, boolean allowed, String what) {
        if (!allowed) {
            throw new InvalidValueException(field, String.valueOf(value), what);
        }
    }
}
