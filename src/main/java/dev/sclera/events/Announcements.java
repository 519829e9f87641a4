package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Lease;
import dev.sclera.store.Leases;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells what becomes of campaigns once, however often and by how many it is found out. Where a process ends after it
 * has told and before it has written that down, it is told once more.
 */
final class Announcements {

    private static final Duration TERM = Duration.ofSeconds(30);

    private final Artifacts artifacts;
    private final EventBus bus;
    private final Leases leases;

    Announcements(Artifacts artifacts, EventBus bus) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.bus = requireNonNull(bus, "bus is null");
        this.leases = new Leases(artifacts.objects(), Clock.systemUTC());
    }

    /**
     * That it was told, {@code campaigns/<id>/told/<what>.json}.
     *
     * @param schema {@value #SCHEMA}
     * @param campaign the campaign's id
     * @param what was told
     * @param time when
     */
    record Told(String schema, String campaign, String what, Instant time) {

        static final String SCHEMA = "sclera/told/1";
    }

    /**
     * Tells, unless it was told.
     *
     * @param what a part of a key
     * @throws HeldElsewhereException where somebody is about to, or has ended in the midst of it: ask again
     */
    void once(String campaign, String what, Supplier<List<Event>> events) {
        String marker = Keys.campaignFile(campaign, "told/" + what + ".json");
        if (artifacts.objects().exists(marker)) {
            return;
        }
        Leases.Answer answer = leases.take(Keys.campaignLeases(campaign, "told-" + what), TERM);
        if (answer instanceof Leases.Held held) {
            throw new HeldElsewhereException("telling what the campaign %s came to".formatted(campaign), held.until());
        }
        try (Lease lease = (Lease) answer) {
            if (!artifacts.objects().exists(marker)) {
                bus.publish(events.get());
                artifacts.publish(marker, new Told(Told.SCHEMA, campaign, what, Instant.now()));
            }
            lease.done();
        }
    }
}
