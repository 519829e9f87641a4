package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignStatus.Part;
import dev.sclera.campaign.CampaignStatus.State;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.report.Report;
import dev.sclera.report.Verdict;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells how campaigns stand, by what the store says. */
@Singleton
public class CampaignStates {

    private static final String FOLDER = "campaigns/";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{6,64}");
    private static final int DIGITS = 64;

    private final StepwiseCampaigns campaigns;
    private final CampaignFailures failures;
    private final Artifacts artifacts;

    @Inject
    public CampaignStates(StepwiseCampaigns campaigns, CampaignFailures failures, Artifacts artifacts) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.failures = requireNonNull(failures, "failures is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /** The ids of all campaigns that were submitted or finished, sorted. */
    public List<String> ids() {
        return ids("");
    }

    private List<String> ids(String start) {
        return artifacts.objects().list(FOLDER + start).stream()
                .filter(key -> key.endsWith("/plan.json") || key.endsWith("/campaign.json"))
                .map(key -> key.substring(FOLDER.length(), key.lastIndexOf('/')))
                .distinct()
                .toList();
    }

    /**
     * How a campaign stands.
     *
     * @param idOrPrefix its id, or the first digits of it (at least six) where they are unique
     * @throws InvalidValueException where it is not six or more hexadecimal digits
     * @throws MissingArtifactException where there is none, or more than one
     */
    public CampaignStatus get(String idOrPrefix) {
        if (!ID.matcher(idOrPrefix).matches()) {
            throw new InvalidValueException(
                    "id", idOrPrefix, "a campaign's id of 64 lower-case hexadecimal digits, or its first six or more");
        }
        List<String> ids = idOrPrefix.length() == DIGITS ? List.of(idOrPrefix) : ids(idOrPrefix);
        if (ids.size() != 1) {
            throw missing("\"%s\" is the start of %d campaigns.".formatted(idOrPrefix, ids.size()));
        }
        String id = ids.get(0);
        Optional<StepPlan> plan = artifacts.find(Keys.campaignFile(id, "plan.json"), StepPlan.class);
        Optional<Campaign> finished = campaigns.finished(id);
        if (plan.isEmpty() && finished.isEmpty()) {
            throw missing("There is no campaign \"%s\".".formatted(id));
        }
        List<StepPlan.Item> steps = plan.map(StepPlan::steps).orElse(List.of());
        return finished.map(campaign -> finished(campaign, steps)).orElseGet(() -> unfinished(id, steps));
    }

    private static MissingArtifactException missing(String what) {
        return new MissingArtifactException(
                "id", what + " The function \"campaign-start\" answers with the id of one that it starts.");
    }

    private CampaignStatus finished(Campaign campaign, List<StepPlan.Item> steps) {
        Report report = artifacts.get("report", Keys.report(campaign.report()), Report.class);
        Verdict verdict = report.verdict();
        return new CampaignStatus(
                campaign.id(),
                State.FINISHED,
                campaign.spec().models(),
                steps.size(),
                steps.size(),
                parts(steps, steps),
                null,
                report.page(),
                verdict == null ? null : verdict.passed());
    }

    private CampaignStatus unfinished(String id, List<StepPlan.Item> steps) {
        Set<String> done = campaigns.done(id);
        List<StepPlan.Item> those =
                steps.stream().filter(step -> done.contains(step.id())).toList();
        Optional<CampaignFailure> failure = failures.open(id);
        return new CampaignStatus(
                id,
                failure.isPresent() ? State.FAILED : State.RUNNING,
                campaigns.models(id),
                steps.size(),
                those.size(),
                parts(steps, those),
                failure.orElse(null),
                null,
                null);
    }

    private static List<Part> parts(List<StepPlan.Item> steps, List<StepPlan.Item> done) {
        return Arrays.stream(Plan.Stage.values())
                .map(stage -> new Part(stage, count(steps, stage), count(done, stage)))
                .filter(part -> part.steps() > 0)
                .toList();
    }

    private static int count(List<StepPlan.Item> steps, Plan.Stage stage) {
        return (int) steps.stream().filter(step -> step.stage() == stage).count();
    }
}
