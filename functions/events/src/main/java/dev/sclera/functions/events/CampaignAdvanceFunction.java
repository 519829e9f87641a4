package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.CampaignEvents;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the steps that are ready once another is done; after the last one, how the campaign ended. */
@Singleton
public class CampaignAdvanceFunction {

    private final CampaignEvents campaigns;

    public CampaignAdvanceFunction(CampaignEvents campaigns) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
    }

    /**
     * What was told.
     *
     * @param steps the ids of the steps that are ready
     */
    public record Result(List<String> steps) {

        public Result {
            steps = List.copyOf(steps);
        }
    }

    /** Looks what the steps that a message names, which are done, were awaited by. */
    @Funq("campaign-advance")
    @Measured("campaign-advance")
    public Result advance(@Nullable Message message) {
        return new Result(StepRequest.read(message).stream()
                .flatMap(request -> campaigns.advance(request.campaign(), request.step()).stream())
                .toList());
    }
}
