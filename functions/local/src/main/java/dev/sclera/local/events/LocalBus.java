package dev.sclera.local.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.CampaignEvents;
import dev.sclera.events.DeadLetter;
import dev.sclera.events.DeadLetters;
import dev.sclera.events.Envelopes;
import dev.sclera.events.Event;
import dev.sclera.events.EventBus;
import dev.sclera.events.EventTypes;
import dev.sclera.events.InProcessBus;
import dev.sclera.functions.events.CampaignAdvanceFunction;
import dev.sclera.functions.events.CampaignStepFunction;
import dev.sclera.functions.events.FinetuneEndedFunction;
import dev.sclera.functions.events.Message;
import dev.sclera.functions.events.UploadedFunction;
import dev.sclera.local.LocalConfig;
import dev.sclera.local.LocalStore;
import dev.sclera.store.JsonFormat;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bus of one process, on which events call the functions themselves; it begins with the first event. */
@Singleton
public class LocalBus implements EventBus {

    private static final Logger LOG = LoggerFactory.getLogger(LocalBus.class);

    /** Before jobs are ended. */
    private static final int FIRST = 2000;

    /** Asked for when the first event comes: the functions publish on this bus themselves. */
    private final Instance<Called> called;

    private final LocalConfig.Events config;
    private @Nullable InProcessBus bus;

    public LocalBus(Instance<Called> called, LocalConfig config) {
        this.called = requireNonNull(called, "called is null");
        this.config = requireNonNull(config, "config is null").events();
    }

    /** What events call. */
    @Singleton
    public static class Called {

        private final UploadedFunction uploaded;
        private final CampaignStepFunction step;
        private final CampaignAdvanceFunction advance;
        private final FinetuneEndedFunction ended;
        private final CampaignEvents campaigns;
        private final DeadLetters letters;
        private final LocalStore store;

        public Called(
                UploadedFunction uploaded,
                CampaignStepFunction step,
                CampaignAdvanceFunction advance,
                FinetuneEndedFunction ended,
                CampaignEvents campaigns,
                DeadLetters letters,
                LocalStore store) {
            this.uploaded = requireNonNull(uploaded, "uploaded is null");
            this.step = requireNonNull(step, "step is null");
            this.advance = requireNonNull(advance, "advance is null");
            this.ended = requireNonNull(ended, "ended is null");
            this.campaigns = requireNonNull(campaigns, "campaigns is null");
            this.letters = requireNonNull(letters, "letters is null");
            this.store = requireNonNull(store, "store is null");
        }

        /** What a pipeline would listen to, for whoever looks on. */
        private void tell(Event event) {
            LOG.info(
                    "The campaign {} of {} is done{}: {}",
                    event.data().get("campaign"),
                    event.data().get("models"),
                    verdict(event.data().get("passed")),
                    store.place(String.valueOf(event.data().get("report"))));
        }

        /** An upload was kept while it rested; now it needs to be no longer. */
        private void take(Event event) {
            uploaded.uploaded(message(event));
            letters.done(event);
        }

        private void tellFailure(Event event) {
            LOG.error(
                    "The campaign {} does not go on: {} Once that is mended: sclera redrive",
                    event.data().get("campaign"),
                    event.data().get("detail"));
        }

        /** A step that was given up fails its campaign. */
        private void givenUp(Event event, DeadLetter.Fault fault) {
            if (event.type().equals(EventTypes.STEP)) {
                campaigns.failed(
                        String.valueOf(event.data().get("campaign")),
                        String.valueOf(event.data().get("step")),
                        fault);
            }
        }

        private static String verdict(@Nullable Object passed) {
            return passed == null ? "" : Boolean.TRUE.equals(passed) ? ", and passed" : ", and failed";
        }
    }

    private static Message message(Event event) {
        return Message.of(Envelopes.parse(JsonFormat.line(event.data())));
    }

    @Override
    public String name() {
        return "local";
    }

    /** As {@link InProcessBus} has it. */
    @Override
    public boolean givesUpWaiting() {
        return false;
    }

    @Override
    public void publish(Event event) {
        bus().publish(event);
    }

    /** Hands an event over, to be dealt with after a while. */
    void publish(Event event, Duration delay) {
        bus().publish(event, delay);
    }

    private synchronized InProcessBus bus() {
        if (bus == null) {
            Called functions = called.get();
            bus = new InProcessBus(
                    Map.of(
                            EventTypes.UPLOADED,
                            functions::take,
                            EventTypes.STEP,
                            event -> functions.step.step(message(event)),
                            EventTypes.STEP_DONE,
                            event -> functions.advance.advance(message(event)),
                            EventTypes.FINETUNE_ENDED,
                            event -> functions.ended.ended(message(event)),
                            EventTypes.FINISHED,
                            functions::tell,
                            EventTypes.FAILED,
                            functions::tellFailure),
                    functions.letters,
                    functions::givenUp,
                    new InProcessBus.Settings(config.workers(), config.capacity(), config.attempts(), config.pause()));
        }
        return bus;
    }

    /** Waits until nothing is pending. */
    void awaitIdle() {
        InProcessBus begun;
        synchronized (this) {
            begun = bus;
        }
        if (begun == null) {
            return;
        }
        try {
            begun.awaitIdle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for events", e);
        }
    }

    /** Before the store closes. */
    void end(@Observes @Priority(FIRST) ShutdownEvent event) {
        InProcessBus begun;
        synchronized (this) {
            begun = bus;
        }
        // not within: an event that is being dealt with may publish others, and asks for the bus
        if (begun != null) {
            begun.close();
        }
    }
}
