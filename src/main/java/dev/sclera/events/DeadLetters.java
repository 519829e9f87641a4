package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.DeadLetter.Fault;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The events that could not be dealt with, as objects of the store. */
@Singleton
public class DeadLetters {

    private final Artifacts artifacts;

    @Inject
    public DeadLetters(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /** Keeps an event; one that was kept before is kept with its latest error. */
    public void keep(Event event, Fault error, int attempts) {
        artifacts.replace(
                Keys.deadLetter(event.id()), new DeadLetter(DeadLetter.SCHEMA, event, error, attempts, Instant.now()));
    }

    /** Keeps an event that waits to be dealt with, for another process to take up where this one ends before. */
    public void keepUntilDone(Event event) {
        keep(event, new Fault(DeadLetter.CUT_OFF, "The process ended before."), 0);
    }

    /** Forgets an event that was kept until it was dealt with, which it is. */
    public void done(Event event) {
        artifacts
                .find(Keys.deadLetter(event.id()), DeadLetter.class)
                .filter(letter -> letter.error().type().equals(DeadLetter.CUT_OFF))
                .ifPresent(this::forget);
    }

    /** All of them, by the ids of their events. */
    public List<DeadLetter> all() {
        return artifacts.objects().list("dead-letters/").stream()
                .map(key -> artifacts.find(key, DeadLetter.class))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Forgets one that was put back, unless it failed anew already, and was kept with another error. */
    public void forget(DeadLetter letter) {
        String key = Keys.deadLetter(letter.event().id());
        if (artifacts.find(key, DeadLetter.class).equals(Optional.of(letter))) {
            artifacts.objects().delete(key);
        }
    }
}
