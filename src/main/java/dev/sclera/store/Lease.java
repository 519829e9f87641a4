package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** That this process, of all of them, is at some work. Safe for use by several threads. */
public final class Lease implements Leases.Answer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Leases leases;
    private final String work;
    private final int number;
    private final String owner;
    private final List<String> earlier;
    private Instant expires;
    private Instant written;
    private boolean lost;
    private boolean done;

    Lease(Leases leases, String work, int number, Leases.Kept kept, List<String> earlier) {
        this.leases = requireNonNull(leases, "leases is null");
        this.work = requireNonNull(work, "work is null");
        this.number = number;
        this.owner = kept.owner();
        this.expires = kept.expires();
        this.written = leases.now();
        this.earlier = List.copyOf(earlier);
    }

    /**
     * Has it last on, where a third of its time is over and it would last longer then. To be called often: it costs a
     * look at the clock, unless it is time.
     *
     * @param term for how long, counted from now
     * @return whether it is still this process'; where it is not, somebody has taken the work over
     * @throws StorageException where the store does not answer, and it has run out
     */
    public synchronized boolean renew(Duration term) {
        Instant now = leases.now();
        Duration third = Duration.between(written, expires).dividedBy(3);
        if (!lost && !now.isBefore(written.plus(third)) && now.plus(term).isAfter(expires.plus(third))) {
            try {
                Optional<Leases.Kept> renewed = leases.renew(this, term);
                lost = renewed.isEmpty();
                expires = renewed.map(Leases.Kept::expires).orElse(expires);
                written = now;
            } catch (StorageException e) {
                // until it runs out there is time to try again
                if (!now.isBefore(expires)) {
                    throw e;
                }
                LOG.warn("The lease {} could not be renewed yet: {}", work, e.getMessage());
            }
        }
        return !lost;
    }

    /** When it runs out, unless it is renewed. */
    public synchronized Instant expires() {
        return expires;
    }

    String work() {
        return work;
    }

    int number() {
        return number;
    }

    String owner() {
        return owner;
    }

    /** The work is done, and everyone can see that it is: nobody needs leases on it any more. */
    public synchronized void done() {
        done = true;
    }

    /** Gives it back: whoever asks next has it at once. Where the store does not answer, it runs out by itself. */
    @Override
    public synchronized void close() {
        try {
            if (done) {
                leases.forget(this, earlier);
            } else {
                leases.end(this);
            }
        } catch (StorageException e) {
            LOG.warn("The lease {} was not given back, and runs out at {}: {}", work, expires, e.getMessage());
        }
    }
}
