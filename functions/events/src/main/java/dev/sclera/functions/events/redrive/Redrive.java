package dev.sclera.functions.events.redrive;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignFailures;
import dev.sclera.events.DeadLetter;
import dev.sclera.events.DeadLetters;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.events.bus.ChosenBus;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Puts events that could not be dealt with back on the bus: those in the store, and those in a queue of AWS'. */
@Singleton
public class Redrive {

    private final DeadLetters letters;
    private final DeadLetterQueue queue;
    private final CampaignFailures failures;
    private final ChosenBus bus;

    public Redrive(DeadLetters letters, DeadLetterQueue queue, CampaignFailures failures, ChosenBus bus) {
        this.letters = requireNonNull(letters, "letters is null");
        this.queue = requireNonNull(queue, "queue is null");
        this.failures = requireNonNull(failures, "failures is null");
        this.bus = requireNonNull(bus, "bus is null");
    }

    /** All that there are; nothing happens to them, but those of a queue are out of sight for a moment. */
    public List<Undelivered> all() {
        List<Undelivered> all = new ArrayList<>();
        letters.all().forEach(letter -> all.add(of(letter)));
        all.addAll(queue.all());
        return List.copyOf(all);
    }

    private Undelivered of(DeadLetter letter) {
        return new Undelivered(
                letter.event().id(),
                "store",
                letter.event(),
                letter.error().detail(),
                letter.attempts(),
                letter.time(),
                () -> letters.forget(letter));
    }

    /** Puts one back, and forgets it where it was kept; what its campaign failed of is tried again. */
    public void putBack(Undelivered event) {
        if (event.event().type().equals(EventTypes.STEP)) {
            failures.mended(
                    String.valueOf(event.event().data().get("campaign")),
                    String.valueOf(event.event().data().get("step")));
        }
        bus.publish(event.event());
        event.forget().run();
    }
}
