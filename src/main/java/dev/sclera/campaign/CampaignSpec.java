package dev.sclera.campaign;

import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.CraftSpec;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.report.Thresholds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The question that a campaign answers: how do these models stand on this dataset under these attacks, and what does a
 * repair bring?
 *
 * @param models the names of the models
 * @param train the name of the dataset that perturbations are crafted on
 * @param test the name of the dataset that is evaluated; never the crafting one
 * @param attacks the attacks' names; controls are crafted once, other attacks against each model
 * @param settings how perturbations are crafted
 * @param repair how the models are repaired and tried again; null to leave them as they are
 * @param thresholds what is asked of them; null for no verdict
 */
public record CampaignSpec(
        List<String> models,
        String train,
        String test,
        List<String> attacks,
        CraftSettings settings,
        @Nullable Repair repair,
        @Nullable Thresholds thresholds) {

    public CampaignSpec {
        models = List.copyOf(models);
        attacks = List.copyOf(attacks);
    }

    /** A campaign that measures, and leaves the models as they are. */
    public CampaignSpec(List<String> models, String train, String test, List<String> attacks, CraftSettings settings) {
        this(models, train, test, attacks, settings, null, null);
    }

    /** The attacks that are crafted against models, in the order in which they were named. */
    List<String> crafted() {
        return attacks.stream().filter(attack -> !Attacks.control(attack)).toList();
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
        settings.requireOptionsOf(attacks);
        crafts.forEach(CraftSpec::check);
        if (repair != null) {
            repair.check(this);
        }
        if (thresholds != null) {
            thresholds.check();
        }
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

    CraftSpec craft(String attack, @Nullable String model) {
        return new CraftSpec(attack, model == null ? List.of() : List.of(model), train, settings.of(attack));
    }
}
