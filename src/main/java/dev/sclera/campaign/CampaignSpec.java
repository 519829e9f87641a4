package dev.sclera.campaign;

import dev.sclera.attack.Norm;
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
}
