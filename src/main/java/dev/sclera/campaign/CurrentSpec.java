package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report of what there is now is about.
 *
 * @param title shown on top; null to have it made from the names
 * @param dataset the name of the evaluated dataset
 * @param models the models' names, or {@value #ALL} alone for all that are in the store
 * @param perturbations ids or their first digits, or {@value #ALL} alone for all that have the dataset's size
 * @param evaluate whether what was not evaluated yet is evaluated; without, a report of all models leaves it out
 */
public record CurrentSpec(
        @Nullable String title, String dataset, List<String> models, List<String> perturbations, boolean evaluate) {

    /** In the place of names: all of them. */
    public static final String ALL = "*";

    public CurrentSpec {
        requireNonNull(dataset, "dataset is null");
        models = List.copyOf(models);
        perturbations = List.copyOf(perturbations);
    }

    /** Everything that the store holds, on one dataset, evaluated where that is still to be done. */
    public static CurrentSpec everything(String dataset) {
        return new CurrentSpec(null, dataset, List.of(ALL), List.of(ALL), true);
    }

    boolean allModels() {
        return models.equals(List.of(ALL));
    }

    boolean allPerturbations() {
        return perturbations.equals(List.of(ALL));
    }
}
