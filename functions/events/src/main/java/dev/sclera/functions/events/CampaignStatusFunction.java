package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignStates;
import dev.sclera.campaign.CampaignStatus;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Tells how a campaign stands; for polling. */
@Singleton
public class CampaignStatusFunction {

    private final CampaignStates states;

    public CampaignStatusFunction(CampaignStates states) {
        this.states = requireNonNull(states, "states is null");
    }

    /** What is done, what is left, and what keeps it from going on. */
    @Funq("campaign-status")
    @Measured("campaign-status")
    public CampaignStatus status(@Nullable CampaignStatusRequest request) {
        return states.get(StrictRecord.require(request).required());
    }
}
