package dev.sclera.attack;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import java.util.HashSet;
import java.util.List;

/**
 * What perturbation to craft; with the models' and the dataset's content it determines the perturbation.
 *
 * @param attack the algorithm's name, see {@link Attacks}
 * @param models the names of the models to craft against: several for one δ against all of them; controls need none
 * @param dataset the name of the dataset to craft on
 * @param settings how
 */
public record CraftSpec(String attack, List<String> models, String dataset, CraftSettings settings) {

    public CraftSpec {
        requireNonNull(attack, "attack is null");
        models = List.copyOf(models);
        requireNonNull(dataset, "dataset is null");
        requireNonNull(settings, "settings is null");
    }

    /**
     * Checks every value, before any work starts.
     *
     * @throws InvalidValueException where one is not allowed
     */
    public void check() {
        Attack chosen = Attacks.named(attack);
        if (chosen.access() != Access.CONTROL && models.isEmpty()) {
            throw new InvalidValueException(
                    "model", "none", "the name of a model, for \"" + attack + "\" is crafted against one");
        }
        if (new HashSet<>(models).size() != models.size()) {
            throw new InvalidValueException("model", String.join(",", models), "each name once");
        }
        settings.check();
        if (settings.target() != null && !chosen.takesTarget() && chosen.access() != Access.CONTROL) {
            throw new InvalidValueException(
                    "target",
                    settings.target(),
                    "none, for \"%s\" aims at no grade; those that do: %s"
                            .formatted(attack, String.join(", ", Attacks.targeted())));
        }
        chosen.options().with(attack, settings.options());
    }
}
