package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.StepResult.Made;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What came of the steps of a campaign so far, by step, in their order. */
final class Results {

    private final Map<String, Made> made = new TreeMap<>();

    void add(String step, Made result) {
        made.put(step, result);
    }

    /** In the steps' order. */
    Collection<Made> all() {
        return made.values();
    }

    String perturbation(String step) {
        return field(step, of(step).perturbation());
    }

    String model(String step) {
        return field(step, of(step).model());
    }

    String finetune(String step) {
        return field(step, of(step).finetune());
    }

    private Made of(String step) {
        return requireNonNull(made.get(step), () -> "the step " + step + " is not done");
    }

    private static String field(String step, @Nullable String value) {
        return requireNonNull(value, () -> "the step " + step + " did not make this");
    }
}
