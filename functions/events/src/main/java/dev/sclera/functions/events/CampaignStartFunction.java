package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignStates;
import dev.sclera.campaign.CampaignStatus;
import dev.sclera.events.CampaignEvents;
import dev.sclera.functions.campaign.CampaignRequest;
import dev.sclera.store.Keys;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Starts a campaign that events then do, step by step and many at a time. */
@Singleton
public class CampaignStartFunction {

    private final CampaignEvents campaigns;
    private final CampaignStates states;

    public CampaignStartFunction(CampaignEvents campaigns, CampaignStates states) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.states = requireNonNull(states, "states is null");
    }

    /**
     * What was started.
     *
     * @param id the campaign's id
     * @param plan key of its steps, and which has to be after which
     * @param status how it stands
     */
    public record Result(String id, String plan, CampaignStatus status) {}

    /** Writes a campaign down and tells its first steps; one that was started before goes on, a failed one included. */
    @Funq("campaign-start")
    @Measured("campaign-start")
    public Result start(@Nullable CampaignRequest request) {
        String id = campaigns.ask(StrictRecord.require(request).spec()).id();
        return new Result(id, Keys.campaignFile(id, "plan.json"), states.get(id));
    }
}
