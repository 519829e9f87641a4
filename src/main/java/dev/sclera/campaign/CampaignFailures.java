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

    /** The first failure for which a campaign does not go on; none where it does, as far as anyone knows. */
    public Optional<CampaignFailure> open(String campaign) {
        return all(campaign).stream().filter(this::isOpen).findFirst();
    }

    private List<CampaignFailure> all(String campaign) {
        return artifacts.objects().list(Keys.campaignFile(campaign, "failures/")).stream()
                .flatMap(key -> artifacts.find(key, CampaignFailure.class).stream())
                .toList();
    }

    private boolean isOpen(CampaignFailure failure) {
        return !failure.mended() && !artifacts.objects().exists(Keys.campaignStep(failure.campaign(), failure.step()));
    }

    /**
     * Takes note that a step was given up.
     *
     * @return the step's failure that is open now: this one, or an earlier one of the same step
     */
    public CampaignFailure note(String campaign, String step, String problem, String detail) {
        List<CampaignFailure> all = all(campaign);
        for (CampaignFailure failure : all) {
            if (failure.step().equals(step) && isOpen(failure)) {
                return failure;
            }
        }
        int number = all.isEmpty() ? 1 : all.get(all.size() - 1).number() + 1;
        while (true) {
            CampaignFailure noted = artifacts.publish(
                    Keys.campaignFailure(campaign, number),
                    new CampaignFailure(
                            CampaignFailure.SCHEMA, campaign, number, step, problem, detail, Instant.now(), false));
            if (noted.step().equals(step)) {
                return noted;
            }
            // another step's was written at the same time
            number++;
        }
    }

    /** Takes note that all that failed is tried again: should it fail anew, that is another failure. */
    public void mended(String campaign) {
        all(campaign).stream().filter(this::isOpen).forEach(this::mended);
    }

    /** The same of one step. */
    public void mended(String campaign, String step) {
        all(campaign).stream()
                .filter(failure -> failure.step().equals(step) && isOpen(failure))
                .forEach(this::mended);
    }

    private void mended(CampaignFailure failure) {
        artifacts.replace(Keys.campaignFailure(failure.campaign(), failure.number()), failure.ofMended());
    }
}
