package dev.sclera.functions.report;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.campaign.CurrentSpec;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.StrictRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to report; the evaluations must be there, unless {@code evaluate} says otherwise.
 *
 * @param title shown on top; made from the names by default
 * @param dataset the dataset's name, or the key of its {@code dataset.json}
 * @param models the models' names, or keys, in the report's order; {@code ["*"]} for all models in the store
 * @param perturbations the perturbations' ids, or keys of their records, in the report's order; {@code ["*"]} for all
 *     of the dataset's size; none by default
 * @param evaluate whether models are evaluated where they were not yet; false by default
 */
@JsonDeserialize(using = StrictRecord.class)
public record ReportRequest(
        @Nullable String title,
        @Nullable String dataset,
        @Nullable List<String> models,
        @Nullable List<String> perturbations,
        @Nullable Boolean evaluate) {

    /**
     * What is asked, checked.
     *
     * @throws InvalidValueException where something is missing or not allowed
     */
    public CurrentSpec spec() {
        return new CurrentSpec(
                title,
                ArtifactName.of("dataset", "datasets", dataset),
                names("models", models),
                names("perturbations", perturbations),
                requireNonNullElse(evaluate, false));
    }

    private static List<String> names(String field, @Nullable List<String> said) {
        List<String> names = requireNonNullElse(said, List.of());
        return names.equals(List.of(CurrentSpec.ALL))
                ? names
                : names.stream()
                        .map(name -> ArtifactName.of(field, field, name))
                        .toList();
    }
}
