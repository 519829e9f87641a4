package dev.sclera.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.campaign.Campaign;
import dev.sclera.campaign.CampaignFailures;
import dev.sclera.campaign.EventLaboratory;
import dev.sclera.campaign.StepPlan;
import dev.sclera.campaign.StepwiseCampaigns.Outcome;
import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.FinetuneStatus;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.defense.Whereabouts;
import dev.sclera.events.DeadLetter.Fault;
import dev.sclera.model.TinyGrader;
import dev.sclera.problem.ConflictException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns by events, through a real S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CampaignEventsTest {

    private EventLaboratory inProcess;
    private Campaign expected;
    private Path sources;

    @TempDir
    Path temporary;

    @BeforeAll
    void runInProcess(@TempDir Path folder) throws IOException {
        sources = folder.resolve("sources");
        inProcess = new EventLaboratory(folder.resolve("workspace"), sources);
        expected = inProcess.runInProcess(EventLaboratory.spec("tiny-1"));
    }

    @AfterAll
    void close() {
        inProcess.close();
    }

    /** Collects what is published. */
    private static final class Collected implements EventBus {

        private final List<Event> events = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "collected";
        }

        @Override
        public void publish(Event event) {
            events.add(event);
        }

        private List<String> types() {
            return events.stream().map(Event::type).toList();
        }
    }

    /**
     * Every event of the campaign four times over, and steps that are told before they are ready, in a random order, by
     * two at once: what is delivered tells further events, until at last all of them have come.
     */
    @Test
    void duplicatesInAnyOrderMakeTheArtifactsOfARunInOneProcess() throws Exception {
        try (EventLaboratory other = new EventLaboratory(temporary.resolve("shuffled"), sources)) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            assertThat(id).isEqualTo(expected.id());
            StepPlan plan = other.stepwise.plan(id);
            List<Event> early = new ArrayList<>();
            plan.steps().forEach(step -> {
                early.add(event(EventTypes.STEP, id, step.id()));
                early.add(event(EventTypes.STEP_DONE, id, step.id()));
            });
            bus.events.addAll(early);

            int delivered = deliver(bus, events, new Random(3), 4);

            assertThat(delivered).isGreaterThan(200);
            System.out.printf(
                    "%d steps, %d events delivered, shuffled, by two at once%n",
                    plan.steps().size(), delivered);
            assertThat(other.stepwise.ready(id)).isEmpty();
            assertThat(Contents.digests(other.contents())).isEqualTo(Contents.digests(inProcess.contents()));
            assertThat(other.stepwise.finished(id)).hasValueSatisfying(campaign -> {
                assertThat(campaign.report()).isEqualTo(expected.report());
                assertThat(campaign.evaluations()).isEqualTo(expected.evaluations());
                assertThat(campaign.perturbations()).isEqualTo(expected.perturbations());
            });
            // once each, however often the last step was told
            assertThat(bus.types()).containsExactly(EventTypes.FINISHED, EventTypes.VERDICT_FAILED);
        }
    }

    /**
     * Delivers round by round: all that was told in the last one, so often each, shuffled. What somebody else is at
     * comes again in the next.
     */
    private static int deliver(Collected bus, CampaignEvents events, Random random, int copies) throws Exception {
        int delivered = 0;
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            while (!bus.events.isEmpty()) {
                Map<String, Event> told = new TreeMap<>();
                bus.events.forEach(event -> told.put(event.id(), event));
                if (told.values().stream().allMatch(CampaignEventsTest::isAnEnd)) {
                    return delivered;
                }
                bus.events.removeIf(event -> !isAnEnd(event));
                List<Event> round = new ArrayList<>();
                for (int i = 0; i < copies; i++) {
                    round.addAll(told.values());
                }
                Collections.shuffle(round, random);
                List<java.util.concurrent.Future<?>> all = new ArrayList<>();
                round.forEach(event -> all.add(pool.submit(() -> {
                    try {
                        handle(events, event);
                    } catch (HeldElsewhereException e) {
                        bus.publish(event);
                    }
                })));
                for (java.util.concurrent.Future<?> one : all) {
                    one.get(2, TimeUnit.MINUTES);
                }
                delivered += round.size();
            }
            return delivered;
        } finally {
            pool.shutdownNow();
        }
    }

    private static boolean isAnEnd(Event event) {
        return event.type().equals(EventTypes.FINISHED) || event.type().equals(EventTypes.VERDICT_FAILED);
    }

    private static void handle(CampaignEvents events, Event event) {
        if (event.type().equals(EventTypes.STEP)) {
            events.step(field(event, "campaign"), field(event, "step"), Progress.none());
        } else if (event.type().equals(EventTypes.STEP_DONE)) {
            events.advance(field(event, "campaign"), field(event, "step"));
        }
    }

    private static String field(Event event, String name) {
        return String.valueOf(event.data().get(name));
    }

    private static Event event(String type, String id, String step) {
        return Event.now(type, step, Map.of("campaign", id, "step", step));
    }

    /** Takes jobs, as a queue does, and has none run. */
    private static final class Queued implements JobDispatcher {

        private final Map<String, FinetuneJob> jobs = new TreeMap<>();
        private Whereabouts whereabouts = Whereabouts.UNKNOWN;

        @Override
        public Whereabouts whereabouts(FinetuneJob job) {
            return whereabouts;
        }

        @Override
        public String name() {
            return "queued";
        }

        @Override
        public Dispatched dispatch(FinetuneJob job) {
            jobs.put(job.id(), job);
            return Dispatched.started(name(), job.id(), "a test");
        }
    }

    @Test
    void stepsWaitForRepairsThatAreMadeElsewhereAndGoOnOnceTheyAreToldOf() throws Exception {
        Queued queue = new Queued();
        try (EventLaboratory other =
                new EventLaboratory(temporary.resolve("elsewhere"), sources, () -> Optional.of(queue))) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();

            deliver(bus, events, new Random(4), 2);
            assertThat(bus.types()).doesNotContain(EventTypes.FINISHED);
            assertThat(queue.jobs).hasSize(2);

            for (String job : List.copyOf(queue.jobs.keySet())) {
                // told too soon: it goes on waiting
                assertThat(events.repaired(job)).hasSize(1);
                deliver(bus, events, new Random(5), 1);
                other.finetuning.run(job, other.recrafting, Progress.none());
                assertThat(events.repaired(job)).hasSize(1);
                deliver(bus, events, new Random(6), 2);
            }

            assertThat(bus.types()).contains(EventTypes.FINISHED);
            assertThat(other.stepwise.finished(id)).hasValueSatisfying(campaign -> {
                assertThat(campaign.report()).isEqualTo(expected.report());
                assertThat(campaign.evaluations()).isEqualTo(expected.evaluations());
            });
        }
    }

    @Test
    void aRepairThatFailedElsewhereFailsItsStepAndIsNotSentOffAgainByItself() throws Exception {
        Queued queue = new Queued();
        try (EventLaboratory other =
                new EventLaboratory(temporary.resolve("failing"), sources, () -> Optional.of(queue))) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            deliver(bus, events, new Random(7), 1);
            String job = queue.jobs.keySet().iterator().next();
            other.laboratory.artifacts.replace(
                    Keys.finetuneFile(job, "status.json"),
                    new FinetuneStatus(
                            FinetuneStatus.SCHEMA,
                            FinetuneStatus.State.FAILED,
                            1,
                            2,
                            20,
                            40,
                            "The loss is not a number any more.",
                            Instant.now()));
            queue.jobs.clear();

            String step = events.repaired(job).get(0);
            assertThatThrownBy(() -> events.step(id, step, Progress.none()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("The loss is not a number any more.");
            assertThat(queue.jobs).isEmpty();
        }
    }

    @Test
    void aRepairThatEndsWithoutAWordIsNotStartedForEver() throws Exception {
        Queued queue = new Queued();
        try (EventLaboratory other =
                new EventLaboratory(temporary.resolve("silent"), sources, () -> Optional.of(queue))) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            deliver(bus, events, new Random(8), 1);
            String job = queue.jobs.keySet().iterator().next();
            String step = events.repaired(job).get(0);
            for (int start = 2; start <= 4; start++) {
                assertThat(events.step(id, step, Progress.none())).isEqualTo(Outcome.AWAITING);
            }
            assertThatThrownBy(() -> events.step(id, step, Progress.none()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("was started 4 times");
        }
    }

    /** A machine that is gone, and an end that nobody heard of: whoever looks by the clock has them go on. */
    @Test
    void aJobThatEndsWithoutAWordKeepsNoCampaignWaiting() throws Exception {
        Queued queue = new Queued();
        try (EventLaboratory other =
                new EventLaboratory(temporary.resolve("watched"), sources, () -> Optional.of(queue))) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            deliver(bus, events, new Random(9), 1);
            List<String> jobs = List.copyOf(queue.jobs.keySet());
            assertThat(jobs).hasSize(2);

            queue.whereabouts = Whereabouts.THERE;
            assertThat(events.forgotten()).isEmpty();
            queue.whereabouts = Whereabouts.UNKNOWN;
            assertThat(events.forgotten()).isEmpty();

            // gone before they could say anything: both are sent off anew
            queue.jobs.clear();
            queue.whereabouts = Whereabouts.GONE;
            assertThat(events.forgotten()).hasSize(2);
            deliver(bus, events, new Random(10), 1);
            assertThat(queue.jobs).containsOnlyKeys(jobs);

            // and these end well, of which nobody tells
            queue.whereabouts = Whereabouts.THERE;
            for (String job : jobs) {
                other.finetuning.run(job, other.recrafting, Progress.none());
            }
            assertThat(events.forgotten()).hasSize(2);
            deliver(bus, events, new Random(11), 1);
            assertThat(bus.types()).contains(EventTypes.FINISHED);
            assertThat(events.forgotten()).isEmpty();
            assertThat(other.stepwise.finished(id))
                    .hasValueSatisfying(
                            campaign -> assertThat(campaign.report()).isEqualTo(expected.report()));
        }
    }

    @Test
    void aFailureIsToldOnceHoweverManyStepsFailOfItUntilSomebodyHasThemTriedAgain() throws IOException {
        try (EventLaboratory other = new EventLaboratory(temporary.resolve("failed"), sources)) {
            Collected bus = new Collected();
            Artifacts artifacts = other.laboratory.artifacts;
            CampaignEvents events = new CampaignEvents(other.stepwise, artifacts, bus);
            CampaignFailures failures = new CampaignFailures(artifacts);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            List<StepPlan.Item> ready = other.stepwise.ready(id);
            bus.events.clear();

            Fault fault = Fault.of(new ConflictException("model", "The model is another one."));
            ready.forEach(step -> events.giveUp(id, step.id(), step.what(), fault, 1));
            ready.forEach(step -> events.giveUp(id, step.id(), step.what(), fault, 1));
            assertThat(new DeadLetters(artifacts).all()).hasSize(ready.size()).hasSizeGreaterThan(1);
            assertThat(bus.events).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(EventTypes.FAILED);
                assertThat(event.data())
                        .containsEntry("campaign", id)
                        .containsEntry("step", ready.get(0).id())
                        .containsEntry("problem", "conflict")
                        .containsEntry("detail", "The model is another one.");
            });

            failures.mended(id);
            assertThat(failures.open(id)).isEmpty();
            events.failed(id, ready.get(1).id(), fault);
            events.failed(id, ready.get(0).id(), fault);
            assertThat(bus.types()).containsExactly(EventTypes.FAILED, EventTypes.FAILED);
            assertThat(failures.open(id))
                    .hasValueSatisfying(failure ->
                            assertThat(failure.step()).isEqualTo(ready.get(1).id()));

            // what is done in the end has not failed; what is not still has
            events.step(id, ready.get(1).id(), Progress.none());
            assertThat(failures.open(id))
                    .hasValueSatisfying(failure ->
                            assertThat(failure.step()).isEqualTo(ready.get(0).id()));
            failures.mended(id, ready.get(0).id());
            assertThat(failures.open(id)).isEmpty();

            // an event that was given up though its step was done has the campaign go on
            bus.events.clear();
            int letters = new DeadLetters(artifacts).all().size();
            events.giveUp(id, ready.get(1).id(), null, fault, 10);
            assertThat(bus.types()).containsExactly(EventTypes.STEP_DONE);
            assertThat(failures.open(id)).isEmpty();
            assertThat(new DeadLetters(artifacts).all()).hasSize(letters);
        }
    }

    @Test
    void aStepThatACampaignDoesNotHaveFailsNoCampaign() throws IOException {
        try (EventLaboratory other = new EventLaboratory(temporary.resolve("stray"), sources)) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            bus.events.clear();
            Fault fault = new Fault("invalid-value", "There is no such step.");
            events.giveUp(id, "99999-craft", null, fault, 1);
            events.giveUp("ab".repeat(32), "00000-craft", null, fault, 1);
            assertThat(bus.events).isEmpty();
            assertThat(new DeadLetters(other.laboratory.artifacts).all()).hasSize(2);
        }
    }

    @Test
    void aStepThatIsTooEarlyIsLeft() throws IOException {
        try (EventLaboratory other = new EventLaboratory(temporary.resolve("early"), sources)) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            int told = bus.events.size();
            List<StepPlan.Item> steps = other.stepwise.plan(id).steps();
            String report = steps.get(steps.size() - 1).id();
            assertThat(events.step(id, report, Progress.none())).isEqualTo(Outcome.EARLY);
            assertThat(bus.events).hasSize(told);
            assertThat(other.laboratory.objects.exists(Keys.campaignStep(id, report)))
                    .isFalse();
        }
    }

    @Test
    void aModelThatIsAnotherByNowEndsItsCampaign() throws IOException {
        try (EventLaboratory other = new EventLaboratory(temporary.resolve("replaced"), sources)) {
            Collected bus = new Collected();
            CampaignEvents events = new CampaignEvents(other.stepwise, other.laboratory.artifacts, bus);
            String id = events.start(EventLaboratory.spec("tiny-1")).id();
            other.laboratory.objects.put(
                    Keys.model("tiny-1"), TinyGrader.seeded(99).onnx(), "application/octet-stream");
            assertThatThrownBy(() ->
                            events.step(id, other.stepwise.ready(id).get(0).id(), Progress.none()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("tiny-1");
        }
    }

    @Test
    void whatIsFinishedStartsNothing() {
        Collected bus = new Collected();
        CampaignEvents events = new CampaignEvents(inProcess.stepwise, inProcess.laboratory.artifacts, bus);
        assertThat(events.start(EventLaboratory.spec("tiny-1")).finished()).isTrue();
        assertThat(bus.events).isEmpty();
    }
}
