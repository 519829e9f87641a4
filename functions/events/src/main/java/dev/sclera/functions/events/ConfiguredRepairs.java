package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.RepairPlace;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.functions.campaign.CampaignConfig;
import dev.sclera.functions.campaign.CampaignConfig.Repairs;
import dev.sclera.functions.finetune.dispatch.Dispatchers;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Steps of campaigns have models repaired where the configuration says. */
@Singleton
@Alternative
@Priority(1)
public class ConfiguredRepairs implements RepairPlace {

    private final CampaignConfig config;
    private final Dispatchers dispatchers;

    public ConfiguredRepairs(CampaignConfig config, Dispatchers dispatchers) {
        this.config = requireNonNull(config, "config is null");
        this.dispatchers = requireNonNull(dispatchers, "dispatchers is null");
    }

    @Override
    public Optional<JobDispatcher> dispatcher() {
        return config.repairs() == Repairs.JOBS ? Optional.of(dispatchers.named(null)) : Optional.empty();
    }
}
