package dev.sclera.local.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.events.CampaignEvents;
import dev.sclera.events.DeadLetter;
import dev.sclera.events.DeadLetters;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.events.Uploads;
import dev.sclera.functions.events.CampaignTemplate;
import dev.sclera.functions.events.UploadConfig;
import dev.sclera.functions.events.bus.ChosenBus;
import dev.sclera.functions.events.redrive.Redrive;
import dev.sclera.functions.events.redrive.Undelivered;
import dev.sclera.local.LocalConfig;
import dev.sclera.local.LocalStore;
import dev.sclera.local.jobs.LocalDispatcher;
import dev.sclera.store.ObjectCreated;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What happens by itself on one machine. */
@Singleton
public class LocalEvents {

    private final LocalStore store;
    private final LocalBus bus;
    private final CampaignTemplate template;
    private final StepwiseCampaigns campaigns;
    private final CampaignEvents events;
    private final DeadLetters letters;
    private final Redrive redrive;
    private final ChosenBus chosen;

    public LocalEvents(
            LocalStore store,
            LocalBus bus,
            CampaignTemplate template,
            StepwiseCampaigns campaigns,
            CampaignEvents events,
            DeadLetters letters,
            Redrive redrive,
            ChosenBus chosen) {
        this.store = requireNonNull(store, "store is null");
        this.bus = requireNonNull(bus, "bus is null");
        this.template = requireNonNull(template, "template is null");
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.events = requireNonNull(events, "events is null");
        this.letters = requireNonNull(letters, "letters is null");
        this.redrive = requireNonNull(redrive, "redrive is null");
        this.chosen = requireNonNull(chosen, "chosen is null");
    }

    /** Puts the writes of models on the bus. */
    @Singleton
    static class Listener {

        private final LocalConfig config;
        private final UploadConfig uploads;
        private final LocalBus bus;
        private final DeadLetters letters;

        Listener(LocalConfig config, UploadConfig uploads, LocalBus bus, DeadLetters letters) {
            this.config = requireNonNull(config, "config is null");
            this.uploads = requireNonNull(uploads, "uploads is null");
            this.bus = requireNonNull(bus, "bus is null");
            this.letters = requireNonNull(letters, "letters is null");
        }

        void created(@Observes ObjectCreated object) {
            if (!config.events().listen() || !Uploads.isModel(object.key())) {
                return;
            }
            Map<String, Object> data = new TreeMap<>();
            data.put("key", object.key());
            // two writes of one content are one event; the delay stands for the time
            Optional.ofNullable(object.etag()).ifPresent(etag -> data.put("etag", etag));
            Optional.ofNullable(object.size()).ifPresent(size -> data.put("size", size));
            Event event = Event.now(EventTypes.UPLOADED, object.key(), data);
            // nothing else would tell the next process of it, should this one be killed while the upload rests
            letters.keepUntilDone(event);
            bus.publish(event, uploads.quiet());
        }
    }

    /** Puts the ends of jobs on the bus. */
    @Singleton
    static class Ends {

        private final LocalConfig config;
        private final LocalBus bus;

        Ends(LocalConfig config, LocalBus bus) {
            this.config = requireNonNull(config, "config is null");
            this.bus = requireNonNull(bus, "bus is null");
        }

        void ended(@Observes LocalDispatcher.Ended child) {
            if (config.events().listen()) {
                bus.publish(Event.now(EventTypes.FINETUNE_ENDED, child.job(), Map.of("job", child.job())));
            }
        }
    }

    /**
     * Takes up what was pending when the last process ended: events that were waiting, and campaigns.
     *
     * @return in words, what is done with uploads
     */
    public String listen() {
        if (chosen.name().equals(bus.name())) {
            resume();
        }
        Optional<String> said = template.said();
        if (said.isEmpty()) {
            return "start nothing; --on-upload FILE says what to ask of them";
        }
        // an error in it is to be seen now, not with the first upload
        template.of("uploaded").ifPresent(CampaignSpec::crafts);
        return store.serves()
                ? "each models/<name>/model.onnx starts a campaign: " + said.get()
                : "each that POST /uploaded is told of starts a campaign: " + said.get();
    }

    private void resume() {
        letters.all().stream()
                .filter(letter -> letter.error().type().equals(DeadLetter.CUT_OFF))
                .forEach(letter -> {
                    bus.publish(letter.event());
                    // an upload is kept until it is dealt with
                    if (!letter.event().type().equals(EventTypes.UPLOADED)) {
                        letters.forget(letter);
                    }
                });
        campaigns.unfinished().forEach(events::resume);
    }

    /** The events that could not be dealt with. */
    public List<Undelivered> undelivered() {
        return redrive.all();
    }

    /**
     * Puts events back on the bus; where that is in this process, until all that follows from them is done too. Steps
     * that wait for a job which is no more go on too.
     */
    public void putBack(Collection<Undelivered> chosen) {
        chosen.forEach(redrive::putBack);
        events.forgotten();
        bus.awaitIdle();
    }

    /** Waits until nothing is pending in this process. */
    public void awaitIdle() {
        bus.awaitIdle();
    }
}
