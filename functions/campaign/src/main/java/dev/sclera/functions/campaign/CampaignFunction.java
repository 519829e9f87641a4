package dev.sclera.functions.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.Campaign;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.Campaigns;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a campaign: craft, evaluate, repair, try again, report. */
@Singleton
public class CampaignFunction {

    private final Campaigns campaigns;
    private final Artifacts artifacts;
    private final CampaignConfig config;
    private final Progress progress;

    public CampaignFunction(Campaigns campaigns, Artifacts artifacts, CampaignConfig config, Progress progress) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.config = requireNonNull(config, "config is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Runs a campaign as far as there is time. */
    @Funq("campaign")
    @Measured("campaign")
    public CampaignResult campaign(@Nullable CampaignRequest request) {
        Instant until = config.time().map(Instant.now()::plus).orElse(null);
        CampaignSpec spec = StrictRecord.require(request).spec();
        String id = campaigns.id(spec);
        Optional<Campaign> finished = campaigns.run(spec, until, progress);
        if (finished.isEmpty()) {
            return new CampaignResult(CampaignResult.State.CONTINUE, id, null, null, null, null, null);
        }
        Report report = artifacts.get("report", Keys.report(finished.get().report()), Report.class);
        return new CampaignResult(
                CampaignResult.State.DONE,
                id,
                Keys.campaignFile(id, "campaign.json"),
                report.page(),
                Keys.report(report.id()),
                report.verdict() == null ? null : Keys.campaignFile(id, "verdict.json"),
                report.verdict() == null ? null : report.verdict().passed());
    }
}
