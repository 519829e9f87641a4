package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of a campaign and which has to be after which, {@code campaigns/<id>/plan.json}.
 *
 * @param schema {@value #SCHEMA}
 * @param id the campaign's
 * @param steps in an order in which none is before one that it has to be after; the last one reports
 */
public record StepPlan(String schema, String id, List<Item> steps) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/campaign-plan/1";

    public StepPlan {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param id its id in this campaign
     * @param stage its kind
     * @param what in words
     * @param graded images through models, forward
     * @param gradients images through models, forward and backward
     * @param trained images that models are trained on
     * @param after ids of the steps that have to be done before
     */
    public record Item(
            String id, Plan.Stage stage, String what, long graded, long gradients, long trained, List<String> after) {

        public Item {
            after = List.copyOf(after);
        }

        static Item of(Step step) {
            return new Item(
                    step.id(),
                    step.stage(),
                    step.what(),
                    step.graded(),
                    step.gradients(),
                    step.trained(),
                    step.after());
        }
    }

    /** The steps that are not done and that can be. */
    public List<Item> ready(Set<String> done) {
        return steps.stream()
                .filter(step -> !done.contains(step.id()) && done.containsAll(step.after()))
                .toList();
    }

    /** The steps that wait for this one, among others. */
    List<Item> after(String step) {
        return steps.stream().filter(item -> item.after().contains(step)).toList();
    }

    Optional<Item> step(String step) {
        return steps.stream().filter(item -> item.id().equals(step)).findFirst();
    }
}
