package dev.sclera.campaign;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a campaign is about to do, before it does it.
 *
 * @param id the campaign's
 * @param finished whether it was done before, so that there is nothing to do
 * @param items in the order in which they are done; what is in the store already costs nothing, whatever stands here
 * @param seconds about how long all of it takes on this machine, from a short trial of each model
 */
public record Plan(String id, boolean finished, List<Item> items, double seconds) {

    public Plan {
        items = List.copyOf(items);
    }

    /** The kinds of work. */
    public enum Stage {
        CRAFT("crafting perturbations"),
        PERTURB("writing perturbed images"),
        GRADE("grading shards of images"),
        EVALUATE("evaluating the models"),
        REPAIR("fine-tuning"),
        ENSEMBLE("putting ensembles together"),
        RETRY("evaluating the repaired models"),
        ADAPT("attacking the repaired models anew"),
        REPORT("reporting");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        /** What is done, in words. */
        public String words() {
            return words;
        }
    }

    /**
     * One piece of work.
     *
     * @param stage its kind
     * @param what in words
     * @param graded images through models, forward
     * @param gradients images through models, forward and backward
     * @param trained images that models are trained on
     * @param seconds about how long it takes on this machine
     */
    public record Item(Stage stage, String what, long graded, long gradients, long trained, double seconds) {}

    /** The items of one kind together. */
    public record Sum(Stage stage, int items, long graded, long gradients, long trained, double seconds) {}

    /** The items by kind, kinds without any left out. */
    public List<Sum> sums() {
        Map<Stage, Sum> sums = new EnumMap<>(Stage.class);
        for (Item item : items) {
            Sum before = sums.getOrDefault(item.stage(), new Sum(item.stage(), 0, 0, 0, 0, 0));
            sums.put(
                    item.stage(),
                    new Sum(
                            item.stage(),
                            before.items() + 1,
                            before.graded() + item.graded(),
                            before.gradients() + item.gradients(),
                            before.trained() + item.trained(),
                            before.seconds() + item.seconds()));
        }
        return Arrays.stream(Stage.values())
                .filter(sums::containsKey)
                .map(sums::get)
                .toList();
    }
}
