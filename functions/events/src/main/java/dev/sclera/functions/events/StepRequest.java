package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.events.Envelopes;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A step of a campaign, as its events name it.
 *
 * @param campaign the campaign's id
 * @param step the step's id in its plan
 * @param what the same in words, for people
 */
record StepRequest(String campaign, String step, @Nullable String what) {

    private static final Pattern CAMPAIGN = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern STEP = Pattern.compile("[0-9]{5,9}-[a-z]+");

    StepRequest {
        requireNonNull(campaign, "campaign is null");
        requireNonNull(step, "step is null");
        if (!CAMPAIGN.matcher(campaign).matches()) {
            throw new InvalidValueException("campaign", campaign, "64 hexadecimal digits");
        }
        if (!STEP.matcher(step).matches()) {
            throw new InvalidValueException("step", step, "a step of the campaign's plan.json");
        }
    }

    /**
     * The steps that a message names, whatever wraps it.
     *
     * @throws InvalidValueException where it names none
     */
    static List<StepRequest> read(@Nullable Message message) {
        return Envelopes.open(Message.require(message)).stream()
                .map(StepRequest::one)
                .toList();
    }

    private static StepRequest one(JsonNode json) {
        return JsonFormat.read(JsonFormat.write(json), StepRequest.class);
    }
}
