package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.AwaitedRepair;
import dev.sclera.campaign.Campaign;
import dev.sclera.campaign.CampaignFailure;
import dev.sclera.campaign.CampaignFailures;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.StepPlan;
import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.campaign.StepwiseCampaigns.Outcome;
import dev.sclera.events.DeadLetter.Fault;
import dev.sclera.progress.Progress;
import dev.sclera.report.Report;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Campaigns by events: what is ready is told, what was told is done, and that it is done is told. Whatever comes twice
 * or too early does no harm, for the store alone says what is done.
 */
public final class CampaignEvents {

    private final StepwiseCampaigns campaigns;
    private final Artifacts artifacts;
    private final EventBus bus;
    private final DeadLetters letters;
    private final CampaignFailures failures;
    private final Announcements announcements;

    public CampaignEvents(StepwiseCampaigns campaigns, Artifacts artifacts, EventBus bus) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.bus = requireNonNull(bus, "bus is null");
        this.letters = new DeadLetters(artifacts);
        this.failures = new CampaignFailures(artifacts);
        this.announcements = new Announcements(artifacts, bus);
    }

    /**
     * How a campaign stands.
     *
     * @param id its id
     * @param finished whether it was finished before
     * @param steps how many there are
     */
    public record Started(String id, boolean finished, int steps) {}

    /** Writes a campaign down and tells its first steps; of one that goes on already, those that are ready. */
    public Started start(CampaignSpec spec) {
        return start(campaigns.submit(spec));
    }

    /** The same, for somebody who asks for it: what failed of it is tried again, and told again where it fails. */
    public Started ask(CampaignSpec spec) {
        StepPlan plan = campaigns.submit(spec);
        failures.mended(plan.id());
        return start(plan);
    }

    private Started start(StepPlan plan) {
        boolean finished = campaigns.finished(plan.id()).isPresent();
        if (!finished) {
            resume(plan.id());
        }
        return new Started(plan.id(), finished, plan.steps().size());
    }

    /** Tells the steps that are ready: of a campaign whose events may have been lost. */
    public void resume(String id) {
        tell(id, campaigns.ready(id));
    }

    /** Does a step, and tells that it is done. */
    public Outcome step(String id, String step, Progress progress) {
        Outcome outcome = campaigns.run(id, step, progress);
        if (outcome == Outcome.DONE || outcome == Outcome.DONE_BEFORE) {
            bus.publish(done(id, step));
        }
        return outcome;
    }

    /**
     * Tells what is ready now that a step is done; after the last one, what the campaign came to.
     *
     * @return the ids of the steps that were told
     */
    public List<String> advance(String id, String step) {
        List<StepPlan.Item> ready = campaigns.readyAfter(id, step);
        tell(id, ready);
        if (ready.isEmpty()) {
            campaigns.finished(id).ifPresent(this::tellTheEnd);
        }
        return ready.stream().map(StepPlan.Item::id).toList();
    }

    /**
     * Tells the steps that waited for a repair, now that it has ended, well or not: they find out.
     *
     * @return the ids of the steps that were told
     */
    public List<String> repaired(String job) {
        return tell(campaigns.awaiting(job));
    }

    /**
     * Tells the steps that wait for a repair whose job has ended without a word: for want of memory, with the machine
     * it ran on, or because its end was not heard. They find it done, have it made again, or give up. Of campaigns that
     * failed none is told, for somebody has to have a look at them first.
     *
     * @return the ids of the steps that were told
     */
    public List<String> forgotten() {
        return tell(campaigns.forgotten().stream()
                .filter(awaited -> failures.open(awaited.campaign()).isEmpty())
                .toList());
    }

    private List<String> tell(List<AwaitedRepair> awaiting) {
        bus.publish(awaiting.stream()
                .map(awaited -> step(awaited.campaign(), awaited.step(), "repaired by " + awaited.job()))
                .toList());
        return awaiting.stream().map(AwaitedRepair::step).toList();
    }

    /**
     * Keeps a step that cannot be done, for it to be put back once its cause is mended, and tells that its campaign
     * does not go on.
     *
     * @param attempts how often it was tried; 0 where that is not known
     */
    public void giveUp(String id, String step, @Nullable String what, Fault fault, int attempts) {
        if (!toldDone(id, step)) {
            letters.keep(step(id, step, what), fault, attempts);
            note(id, step, fault);
        }
    }

    /**
     * Tells that a step was given up, which is kept already; but nothing of one that its campaign does not have. While
     * the campaign waits for another step already, that is told alone: one failure is often the next one's cause.
     */
    public void failed(String id, String step, Fault fault) {
        if (!toldDone(id, step)) {
            note(id, step, fault);
        }
    }

    private void note(String id, String step, Fault fault) {
        if (!campaigns.has(id, step)) {
            return;
        }
        CampaignFailure failure = failures.note(id, step, fault.type(), fault.detail());
        if (failures.open(id).equals(Optional.of(failure))) {
            announcements.once(id, "failed-%05d".formatted(failure.number()), () -> List.of(event(failure)));
        }
    }

    /** A step may be done by the time that one of its events is given up; then the campaign only has to go on. */
    private boolean toldDone(String id, String step) {
        boolean done = artifacts.objects().exists(Keys.campaignStep(id, step));
        if (done) {
            bus.publish(done(id, step));
        }
        return done;
    }

    private static Event done(String id, String step) {
        return Event.now(EventTypes.STEP_DONE, subject(id, step), Map.of("campaign", id, "step", step));
    }

    private static Event event(CampaignFailure failure) {
        Map<String, Object> data = new TreeMap<>();
        data.put("campaign", failure.campaign());
        data.put("step", failure.step());
        data.put("problem", failure.problem());
        data.put("detail", failure.detail());
        data.put("failure", failure.number());
        return Event.now(EventTypes.FAILED, Keys.campaignFailure(failure.campaign(), failure.number()), data);
    }

    private void tell(String id, List<StepPlan.Item> ready) {
        bus.publish(ready.stream().map(item -> step(id, item.id(), item.what())).toList());
    }

    private static Event step(String id, String step, @Nullable String what) {
        Map<String, Object> data = new TreeMap<>(Map.of("campaign", id, "step", step));
        if (what != null) {
            data.put("what", what);
        }
        return Event.now(EventTypes.STEP, subject(id, step), data);
    }

    private void tellTheEnd(Campaign campaign) {
        announcements.once(campaign.id(), "finished", () -> ends(campaign));
    }

    private List<Event> ends(Campaign campaign) {
        Report report = artifacts.get("report", Keys.report(campaign.report()), Report.class);
        Map<String, Object> data = new TreeMap<>();
        data.put("campaign", campaign.id());
        data.put("models", campaign.spec().models());
        data.put("report", report.page());
        data.put("record", Keys.report(report.id()));
        if (report.verdict() != null) {
            data.put("verdict", Keys.campaignFile(campaign.id(), "verdict.json"));
            data.put("passed", report.verdict().passed());
        }
        String subject = Keys.campaignFile(campaign.id(), "campaign.json");
        Event finished = Event.now(EventTypes.FINISHED, subject, data);
        return report.verdict() == null || report.verdict().passed()
                ? List.of(finished)
                : List.of(finished, Event.now(EventTypes.VERDICT_FAILED, subject, data));
    }

    private static String subject(String id, String step) {
        return Keys.campaignStep(id, step);
    }
}
