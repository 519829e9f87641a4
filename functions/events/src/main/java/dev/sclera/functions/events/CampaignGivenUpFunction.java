package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.CampaignEvents;
import dev.sclera.events.DeadLetter.Fault;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps steps that a queue gave up, having delivered them too often, and tells that their campaigns do not go on. */
@Singleton
public class CampaignGivenUpFunction {

    private static final Fault GIVEN_UP = new Fault(
            "given-up",
            "The step was called for too often without coming to its end. The log of the function \"campaign-step\" says why: it may have run out of memory.");

    private final CampaignEvents campaigns;

    public CampaignGivenUpFunction(CampaignEvents campaigns) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
    }

    /**
     * What was kept.
     *
     * @param steps the ids of the steps
     */
    public record Result(List<String> steps) {

        public Result {
            steps = List.copyOf(steps);
        }
    }

    /** Keeps the steps that a message names. */
    @Funq("campaign-given-up")
    @Measured("campaign-given-up")
    public Result givenUp(@Nullable Message message) {
        List<StepRequest> steps = StepRequest.read(message);
        steps.forEach(step -> campaigns.giveUp(step.campaign(), step.step(), step.what(), GIVEN_UP, 0));
        return new Result(steps.stream().map(StepRequest::step).toList());
    }
}
