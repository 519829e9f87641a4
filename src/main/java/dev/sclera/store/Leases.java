package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Leases on work, as objects of the store: of all processes one has a lease until it gives it back or the lease runs
 * out, and then whoever asks first. Each lease is an object with a number, {@code <work>/<number>.json}, that is
 * created once ({@code If-None-Match}): so no two takers have the same number, on any server that creates once, and the
 * highest number counts. Nobody but its owner writes it again.
 *
 * <p>Whose clock is late takes a lease late, whose clock is early takes one early: clocks are assumed to differ by less
 * than {@link #SKEW}, which is waited for beyond the end of a lease. Where they differ by more, or where an owner goes
 * on after its lease has run out (a machine that slept), two are at the same work for a while; so what leases guard
 * must do no harm when it is done twice. Once work is done, its leases are forgotten: whoever takes one after that has
 * to look whether it is done, after it has the lease.
 */
public final class Leases {

    /** By how much clocks may differ; time servers keep machines within fractions of a second. */
    public static final Duration SKEW = Duration.ofSeconds(5);

    private static final String JSON = "application/json";

    private final ObjectStore objects;
    private final Clock clock;

    public Leases(ObjectStore objects, Clock clock) {
        this.objects = requireNonNull(objects, "objects is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** What comes of asking for a lease. */
    public sealed interface Answer permits Lease, Held {}

    /**
     * Somebody else has it.
     *
     * @param until from when on it can be had where that somebody does not renew it
     */
    public record Held(Instant until) implements Answer {

        public Held {
            requireNonNull(until, "until is null");
        }
    }

    /**
     * What is kept of a lease.
     *
     * @param schema {@value #SCHEMA}
     * @param owner who took it: another one each time that one is taken
     * @param expires when it runs out, by the owner's clock
     */
    record Kept(String schema, String owner, Instant expires) {

        static final String SCHEMA = "sclera/lease/1";

        Kept {
            requireNonNull(schema, "schema is null");
            requireNonNull(owner, "owner is null");
            requireNonNull(expires, "expires is null");
        }
    }

    /**
     * Asks for a lease.
     *
     * @param work the prefix of its objects' keys, without a slash at the end
     * @param term for how long, counted from now
     */
    public Answer take(String work, Duration term) {
        List<String> earlier = objects.list(work + "/");
        int number = earlier.isEmpty() ? 1 : number(earlier.get(earlier.size() - 1)) + 1;
        Optional<Held> held = earlier.isEmpty() ? Optional.empty() : held(earlier.get(earlier.size() - 1));
        if (held.isPresent()) {
            return held.get();
        }
        Kept wanted = new Kept(
                Kept.SCHEMA, UUID.randomUUID().toString(), clock.instant().plus(term));
        byte[] kept = objects.createOrAdopt(key(work, number), JsonFormat.write(wanted), JSON);
        return read(kept).map(Kept::owner).equals(Optional.of(wanted.owner()))
                ? new Lease(this, work, number, wanted, earlier)
                : new Held(read(kept).map(Kept::expires).orElse(clock.instant()).plus(SKEW));
    }

    /** Whether a lease is in force. */
    private Optional<Held> held(String key) {
        Instant until =
                find(key).map(Kept::expires).orElseGet(() -> written(key)).plus(SKEW);
        return Optional.of(new Held(until)).filter(lease -> lease.until().isAfter(clock.instant()));
    }

    /**
     * When a lease was written of which nothing can be read: by somebody who is just writing it, on servers that show
     * an object before it has its bytes, or who ended in the middle of that; now, where it was just forgotten.
     */
    private Instant written(String key) {
        return objects.state(key).map(ObjectState::modified).orElseGet(clock::instant);
    }

    private Optional<Kept> find(String key) {
        try {
            return objects.find(key).flatMap(Leases::read);
        } catch (CorruptArtifactException e) {
            return Optional.empty();
        }
    }

    /** Writes a lease with another end, unless somebody has taken the work over. */
    Optional<Kept> renew(Lease lease, Duration term) {
        List<String> all = objects.list(lease.work() + "/");
        if (!all.isEmpty() && number(all.get(all.size() - 1)) > lease.number()) {
            return Optional.empty();
        }
        Kept renewed = new Kept(Kept.SCHEMA, lease.owner(), clock.instant().plus(term));
        objects.put(key(lease.work(), lease.number()), JsonFormat.write(renewed), JSON);
        return Optional.of(renewed);
    }

    /** Ends a lease now; its number stays taken, so that numbers never begin anew while somebody looks at them. */
    void end(Lease lease) {
        Kept ended = new Kept(Kept.SCHEMA, lease.owner(), Instant.EPOCH);
        objects.put(key(lease.work(), lease.number()), JsonFormat.write(ended), JSON);
    }

    /** Forgets a lease, and those before it. */
    void forget(Lease lease, List<String> earlier) {
        earlier.forEach(objects::delete);
        objects.delete(key(lease.work(), lease.number()));
    }

    Instant now() {
        return clock.instant();
    }

    private static Optional<Kept> read(byte[] json) {
        try {
            return Optional.of(JsonFormat.read(json, Kept.class));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    private static String key(String work, int number) {
        return "%s/%08d.json".formatted(work, number);
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(key.lastIndexOf('/') + 1, key.lastIndexOf('.')));
    }
}
