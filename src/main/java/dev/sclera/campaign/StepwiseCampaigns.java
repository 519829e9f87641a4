package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.StepResult.Made;
import dev.sclera.defense.FinetuneJobs;
import dev.sclera.defense.Finetuning;
import dev.sclera.problem.ConflictException;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Lease;
import dev.sclera.store.Leases;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Campaigns whose steps are run one by one, by whoever has time for one, in any order that the plan allows, and as
 * often as events come twice. All that is known of them is in the store; what they make is what {@link Campaigns#run}
 * makes.
 */
@Singleton
public class StepwiseCampaigns {

    private static final String SPEC = "spec.json";
    private static final String PLAN = "plan.json";

    private final Campaigns campaigns;
    private final Artifacts artifacts;
    private final Finetuning finetuning;
    private final FinetuneJobs jobs;
    private final RepairPlace repairs;
    private final AwaitedRepairs awaited;
    private final LeaseTerm term;
    private final Leases leases;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    @Inject
    public StepwiseCampaigns(
            Campaigns campaigns,
            Artifacts artifacts,
            Finetuning finetuning,
            FinetuneJobs jobs,
            RepairPlace repairs,
            LeaseTerm term) {
        this(campaigns, artifacts, finetuning, jobs, repairs, term, Clock.systemUTC());
    }

    /** @param clock by which leases run out */
    public StepwiseCampaigns(
            Campaigns campaigns,
            Artifacts artifacts,
            Finetuning finetuning,
            FinetuneJobs jobs,
            RepairPlace repairs,
            LeaseTerm term,
            Clock clock) {
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
        this.jobs = requireNonNull(jobs, "jobs is null");
        this.repairs = requireNonNull(repairs, "repairs is null");
        this.awaited = new AwaitedRepairs(artifacts, finetuning, repairs);
        this.term = requireNonNull(term, "term is null");
        this.leases = new Leases(artifacts.objects(), clock);
    }

    /** What became of a step that was asked for. */
    public enum Outcome {
        /** It was done now. */
        DONE,
        /** It was done before. */
        DONE_BEFORE,
        /** This process is at it for somebody else. */
        RUNNING,
        /** It waits for a repair elsewhere; once that has ended, it is to be asked for again. */
        AWAITING,
        /** A step that has to be done before is not done; once it is, this one is ready. */
        EARLY,
        /** It cannot be done, and no retry would mend that; somebody has to have a look. */
        GIVEN_UP
    }

    /**
     * Writes a campaign down with its plan, or finds it written down; nothing of it is done yet.
     *
     * @throws InvalidValueException where a value of the specification is not allowed; nothing is written then
     */
    public StepPlan submit(CampaignSpec spec) {
        Campaigns.Question question = campaigns.question(spec);
        String id = question.recipe().id();
        artifacts.publish(
                Keys.campaignFile(id, SPEC), new SubmittedCampaign(SubmittedCampaign.SCHEMA, id, spec, Instant.now()));
        List<Step> steps = steps(spec, question, Instant.now(), job -> {});
        return artifacts.publish(
                Keys.campaignFile(id, PLAN),
                new StepPlan(
                        StepPlan.SCHEMA,
                        id,
                        steps.stream().map(StepPlan.Item::of).toList()));
    }

    /**
     * The plan of a campaign that was submitted.
     *
     * @throws MissingArtifactException where there is none
     */
    public StepPlan plan(String id) {
        return artifacts.get("campaign", Keys.campaignFile(id, PLAN), StepPlan.class);
    }

    /** Whether there is a campaign with such a step. */
    public boolean has(String id, String step) {
        return artifacts
                .find(Keys.campaignFile(id, PLAN), StepPlan.class)
                .flatMap(plan -> plan.step(step))
                .isPresent();
    }

    /** The steps that are not done and that can be, by what the store says. */
    public List<StepPlan.Item> ready(String id) {
        return plan(id).ready(done(id));
    }

    /** The steps that can be done now that this one is: asked of few objects, for plans may be long. */
    public List<StepPlan.Item> readyAfter(String id, String step) {
        return plan(id).after(step).stream()
                .filter(next -> isDone(id, next.after()) && !isDone(id, List.of(next.id())))
                .toList();
    }

    /** The last ones first: they are the last to be done. */
    private boolean isDone(String id, List<String> steps) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (!artifacts.objects().exists(Keys.campaignStep(id, steps.get(i)))) {
                return false;
            }
        }
        return true;
    }

    Set<String> done(String id) {
        String prefix = Keys.campaignFile(id, "steps/");
        return artifacts.objects().list(prefix).stream()
                .map(key -> key.substring(prefix.length(), key.length() - ".json".length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The record of a campaign that is finished. */
    public Optional<Campaign> finished(String id) {
        return artifacts.find(Keys.campaignFile(id, "campaign.json"), Campaign.class);
    }

    /** The names of the models that a campaign is about; none where its record is what is damaged. */
    List<String> models(String id) {
        try {
            return artifacts
                    .find(Keys.campaignFile(id, SPEC), SubmittedCampaign.class)
                    .map(submitted -> submitted.spec().models())
                    .orElse(List.of());
        } catch (CorruptArtifactException e) {
            return List.of();
        }
    }

    /** The ids of the campaigns that were submitted and are not finished. */
    public List<String> unfinished() {
        String prefix = "campaigns/";
        Set<String> keys = Set.copyOf(artifacts.objects().list(prefix));
        return keys.stream()
                .filter(key -> key.endsWith("/" + PLAN))
                .map(key -> key.substring(prefix.length(), key.length() - PLAN.length() - 1))
                .filter(id -> !keys.contains(Keys.campaignFile(id, "campaign.json")))
                .sorted()
                .toList();
    }

    /**
     * Does a step, or finds it done. Of all processes one at a time does a step, as {@link Leases} have it.
     *
     * @throws MissingArtifactException where there is no such campaign
     * @throws InvalidValueException where it has no such step
     * @throws ConflictException where an input is another than when the campaign was submitted
     * @throws HeldElsewhereException where another process is at it; nothing was done then
     */
    public Outcome run(String id, String step, Progress progress) {
        if (isDone(id, List.of(step))) {
            return Outcome.DONE_BEFORE;
        }
        String key = id + "/" + step;
        if (!running.add(key)) {
            return Outcome.RUNNING;
        }
        String job;
        try {
            return runAlone(id, step, progress);
        } catch (RepairAwaitedException e) {
            job = e.job();
            awaited.note(id, step, job);
        } finally {
            running.remove(key);
        }
        // it may have ended while this step was taken for running, and nobody tells again
        return awaited.hasEnded(job) ? run(id, step, progress) : Outcome.AWAITING;
    }

    private Outcome runAlone(String id, String step, Progress progress) {
        SubmittedCampaign submitted = artifacts.get("campaign", Keys.campaignFile(id, SPEC), SubmittedCampaign.class);
        Step found = step(submitted, step);
        if (!isDone(id, found.after())) {
            return Outcome.EARLY;
        }
        Leases.Answer answer = leases.take(Keys.campaignLeases(id, step), term.term());
        if (answer instanceof Leases.Held held) {
            throw new HeldElsewhereException("the step %s of the campaign %s".formatted(step, id), held.until());
        }
        try (Lease lease = (Lease) answer) {
            // it may have been done, and its leases forgotten, between the first look and now
            boolean before = isDone(id, List.of(step));
            if (!before) {
                run(id, found, new LeasedProgress(progress, lease, term, step));
            }
            lease.done();
            return before ? Outcome.DONE_BEFORE : Outcome.DONE;
        }
    }

    private void run(String id, Step step, Progress progress) {
        Results before = new Results();
        for (String needed : step.stage() == Plan.Stage.REPORT ? done(id) : step.after()) {
            before.add(
                    needed,
                    artifacts
                            .get("step", Keys.campaignStep(id, needed), StepResult.class)
                            .made());
        }
        artifacts.publish(
                Keys.campaignStep(id, step.id()),
                StepResult.of(id, step.id(), step.action().run(before, progress)));
    }

    /** The steps that wait for a repair, of whatever campaigns; those that are done by now too. */
    public List<AwaitedRepair> awaiting(String job) {
        return awaited.of(job);
    }

    /**
     * The steps that wait for a repair whose job has ended without their being told, or is not where it was sent; of
     * campaigns that go on.
     */
    public List<AwaitedRepair> forgotten() {
        Set<String> unfinished = Set.copyOf(unfinished());
        return awaited.forgotten(
                note -> unfinished.contains(note.campaign()) && !isDone(note.campaign(), List.of(note.step())));
    }

    private Workbench bench(Consumer<String> sentOff) {
        return repairs.dispatcher()
                .<Repairing>map(dispatcher -> new RepairingElsewhere(finetuning, jobs, dispatcher, sentOff))
                .map(campaigns.bench()::with)
                .orElseGet(campaigns::bench);
    }

    private Step step(SubmittedCampaign submitted, String step) {
        String id = submitted.id();
        Campaigns.Question now = campaigns.inputs(submitted.spec());
        if (!now.recipe().id().equals(id)) {
            throw new ConflictException(
                    "campaign",
                    "A model or a dataset of the campaign %s, or Sclera's way to repair, is another than when it was submitted: %s. Submit it again."
                            .formatted(id, String.join(", ", submitted.spec().models())));
        }
        StepPlan plan = plan(id);
        Step found = steps(submitted.spec(), now, submitted.submitted(), job -> awaited.note(id, step, job)).stream()
                .filter(one -> one.id().equals(step))
                .findFirst()
                .orElseThrow(() ->
                        new InvalidValueException("step", step, "a step of the plan " + Keys.campaignFile(id, PLAN)));
        if (!plan.step(step).equals(Optional.of(StepPlan.Item.of(found)))) {
            throw new ConflictException(
                    "campaign",
                    "The campaign %s was planned by another version of Sclera. Run it with the function \"campaign\", which needs no plan."
                            .formatted(id));
        }
        return found;
    }

    /** All steps, the report as the last one. */
    private List<Step> steps(
            CampaignSpec spec, Campaigns.Question question, Instant submitted, Consumer<String> sentOff) {
        CampaignSteps steps = new CampaignSteps(spec, question.train(), question.test(), bench(sentOff), true);
        List<Step> all = new ArrayList<>(steps.all());
        all.add(new Step(
                "%05d-report".formatted(all.size()),
                Plan.Stage.REPORT,
                "report",
                "",
                0,
                0,
                0,
                ends(all),
                (before, progress) -> {
                    campaigns.finish(spec, question, steps, before, submitted, progress);
                    return Made.NOTHING;
                }));
        return List.copyOf(all);
    }

    /** The steps that no other is after; once they are done, all are. */
    private static List<String> ends(List<Step> steps) {
        Set<String> needed =
                steps.stream().flatMap(step -> step.after().stream()).collect(Collectors.toSet());
        return steps.stream()
                .map(Step::id)
                .filter(step -> !needed.contains(step))
                .toList();
    }
}
