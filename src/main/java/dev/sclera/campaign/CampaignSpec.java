package dev.sclera.campaign;

import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Norm;
import dev.sclera.problem.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The question that a campaign answers: how do these models stand on this dataset under these attacks?
 *
 * @param models the names of the models
 * @param train the name of the dataset that perturbations are crafted on
 * @param test the name of the dataset that is evaluated; never the crafting one
 * @param attacks the attacks' names; controls are crafted once, other attacks against each model
 * @param norm the norm of the bound
 * @param epsilon the bound, in units of the full pixel range
 * @param target the grade to aim at, or null for untargeted
 * @param passes how often each crafting image is used
 * @param batch images per step
 * @param step the step size relative to epsilon, or null for each attack's default
 * @param seed of everything random
 */
public record CampaignSpec(
        List<String> models,
        String train,
        String test,
        List<String> attacks,
        Norm norm,
        double epsilon,
        @Nullable Integer target,
        int passes,
        int batch,
        @Nullable Double step,
        long seed) {

    public CampaignSpec {
        models = List.copyOf(models);
        attacks = List.copyOf(attacks);
    }

    /**
     * The perturbations to craft, every value checked before any work starts: controls first, once each, then each
     * attack against each model.
     *
     * @throws InvalidValueException where a value is not allowed
     */
    public List<CraftSpec> crafts() {
        requireSome("models", models);
        requireSome("attacks", attacks);
        List<CraftSpec> crafts = new ArrayList<>();
        for (String attack : attacks) {
            if (Attacks.control(attack)) {
                crafts.add(0, craft(attack, null));
            }
        }
        for (String model : models) {
            for (String attack : attacks) {
                if (!Attacks.control(attack)) {
                    crafts.add(craft(attack, model));
                }
            }
        }
        crafts.forEach(CraftSpec::check);
        return crafts;
    }

    private static void requireSome(String field, List<String> names) {
        if (names.isEmpty()) {
            throw new InvalidValueException(field, "", "at least one name");
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new InvalidValueException(field, String.join(",", names), "each name once");
        }
    }

    private CraftSpec craft(String attack, @Nullable String model) {
        return new CraftSpec(attack, model, train, norm, epsilon, target, passes, batch, step, seed);
    }
}
