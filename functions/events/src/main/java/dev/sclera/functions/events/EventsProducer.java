package dev.sclera.functions.events;

import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.defense.OwnModels;
import dev.sclera.events.CampaignEvents;
import dev.sclera.events.UploadPolicy;
import dev.sclera.events.Uploads;
import dev.sclera.functions.events.bus.ChosenBus;
import dev.sclera.model.Models;
import dev.sclera.store.Artifacts;
import dev.sclera.store.StoreConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts what the library has together with what is configured. */
@Singleton
public class EventsProducer {

    @Produces
    @Singleton
    CampaignEvents campaigns(StepwiseCampaigns campaigns, Artifacts artifacts, ChosenBus bus) {
        return new CampaignEvents(campaigns, artifacts, bus);
    }

    @Produces
    @Singleton
    Uploads uploads(
            Artifacts artifacts,
            Models models,
            OwnModels own,
            CampaignEvents campaigns,
            ChosenBus bus,
            CampaignTemplate template,
            UploadConfig config,
            StoreConfig store) {
        return new Uploads(
                artifacts.objects(),
                models,
                own,
                campaigns,
                bus,
                new UploadPolicy(template::of, config.largest(), store.bucket().orElse(null), config.quiet()));
    }
}
