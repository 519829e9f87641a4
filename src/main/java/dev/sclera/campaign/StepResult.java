package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * That a step of a campaign is done, and what later ones need of it; {@code campaigns/<id>/steps/<step>.json}. The same
 * step ends with the same record, whoever did it and how often.
 *
 * @param schema {@value #SCHEMA}
 * @param campaign the campaign's id
 * @param step the step's id in the plan
 * @param perturbation id of the perturbation that was crafted
 * @param perturbed key of the manifest of the perturbed dataset
 * @param evaluation the evaluation's id
 * @param model name of the model that was made
 * @param modelId its id, by which another one under that name is told apart
 * @param finetune id of the repair
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepResult(
        String schema,
        String campaign,
        String step,
        @Nullable String perturbation,
        @Nullable String perturbed,
        @Nullable String evaluation,
        @Nullable String model,
        @Nullable String modelId,
        @Nullable String finetune) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/campaign-step/2";

    public StepResult {
        requireNonNull(schema, "schema is null");
        requireNonNull(campaign, "campaign is null");
        requireNonNull(step, "step is null");
    }

    static StepResult of(String campaign, String step, Made made) {
        return new StepResult(
                SCHEMA,
                campaign,
                step,
                made.perturbation(),
                made.perturbed(),
                made.evaluation(),
                made.model(),
                made.modelId(),
                made.finetune());
    }

    Made made() {
        return new Made(perturbation, perturbed, evaluation, model, modelId, finetune);
    }

    /** What came of a step, whose campaign is known. */
    record Made(
            @Nullable String perturbation,
            @Nullable String perturbed,
            @Nullable String evaluation,
            @Nullable String model,
            @Nullable String modelId,
            @Nullable String finetune) {

        static final Made NOTHING = new Made(null, null, null, null, null, null);

        static Made perturbation(String id) {
            return new Made(id, null, null, null, null, null);
        }

        static Made perturbed(String key) {
            return new Made(null, key, null, null, null, null);
        }

        static Made evaluation(String id) {
            return new Made(null, null, id, null, null, null);
        }

        static Made model(String name, String id, @Nullable String finetune) {
            return new Made(null, null, null, name, id, finetune);
        }
    }
}
