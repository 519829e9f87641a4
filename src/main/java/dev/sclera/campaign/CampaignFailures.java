package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The failures of campaigns: a step that was given up is one until it is done, or somebody has it tried again. */
@Singleton
public class CampaignFailures {

    private final Artifacts artifacts;

    @Inject
    public CampaignFailures(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /** The failure for which a campaign does not go on; none where it does, as far as anyone knows. */
    public Optional<CampaignFailure> open(String campaign) {
        return last(campaign).filter(this::isOpen);
    }

    private boolean isOpen(CampaignFailure failure) {
        return !failure.mended() && !artifacts.objects().exists(Keys.campaignStep(failure.campaign(), failure.step()));
    }

    /**
     * Takes note that a step was given up.
     *
     * @return the failure that is open now: this one, or an earlier one, whose consequence this one may be
     */
    public CampaignFailure note(String campaign, String step, String problem, String detail) {
        Optional<CampaignFailure> last = last(campaign);
        if (last.filter(this::isOpen).isPresent()) {
            return last.get();
        }
        int number = last.map(CampaignFailure::number).orElse(0) + 1;
        // of two at once one is adopted
        return artifacts.publish(
                Keys.campaignFailure(campaign, number),
                new CampaignFailure(
                        CampaignFailure.SCHEMA, campaign, number, step, problem, detail, Instant.now(), false));
    }

    /** Takes note that what failed is tried again: should it fail anew, that is another failure. */
    public void mended(String campaign) {
        open(campaign)
                .ifPresent(failure ->
                        artifacts.replace(Keys.campaignFailure(campaign, failure.number()), failure.ofMended()));
    }

    private Optional<CampaignFailure> last(String campaign) {
        List<String> keys = artifacts.objects().list(Keys.campaignFile(campaign, "failures/"));
        return keys.isEmpty() ? Optional.empty() : artifacts.find(keys.get(keys.size() - 1), CampaignFailure.class);
    }
}
