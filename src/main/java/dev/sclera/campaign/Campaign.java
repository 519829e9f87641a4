package dev.sclera.campaign;

import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import java.util.List;

/**
 * The record of a finished campaign, {@code campaigns/<id>/campaign.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the recipe's id
 * @param spec the question
 * @param perturbations the ids of the perturbations it crafted, in the report's order
 * @param perturbed keys of the manifests of the perturbed datasets
 * @param evaluations the ids of its evaluations
 * @param report the report's id
 * @param recipe what determines it
 * @param provenance how it came to be
 */
public record Campaign(
        String schema,
        String id,
        CampaignSpec spec,
        List<String> perturbations,
        List<String> perturbed,
        List<String> evaluations,
        String report,
        Recipe recipe,
        Provenance provenance) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/campaign/1";

    public Campaign {
        perturbations = List.copyOf(perturbations);
        perturbed = List.copyOf(perturbed);
        evaluations = List.copyOf(evaluations);
    }
}
