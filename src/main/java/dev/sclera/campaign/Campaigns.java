package dev.sclera.campaign;

import dev.sclera.progress.Progress;
import jakarta.inject.Singleton;

/** Runs campaigns: craft, perturb, evaluate, report; only what is not there yet. */
@Singleton
public class Campaigns {

    /** Runs a campaign, or finds it finished. */
    public Campaign run(CampaignSpec spec, Progress progress) {
        throw new UnsupportedOperationException();
    }
}
