package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.DeadLetter.Fault;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.StorageException;
import dev.sclera.progress.HeldElsewhereException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries events within one process. What fails is tried again, each time after about twice as long; what fails too
 * often, or can only fail again, is kept as a dead letter. An event that is waiting already is not taken a second time.
 */
public final class InProcessBus implements EventBus, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InProcessBus.class);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Map<String, Consumer<Event>> handlers;
    private final DeadLetters letters;
    private final BiConsumer<Event, Fault> givenUp;
    private final Settings settings;
    private final ScheduledThreadPoolExecutor workers;
    private final Map<String, Event> waiting = new ConcurrentHashMap<>();
    private final Set<Thread> own = ConcurrentHashMap.newKeySet();
    private final SplittableRandom random = new SplittableRandom();
    private final Object idle = new Object();
    private int pending;

    /**
     * How a bus works.
     *
     * @param workers how many events are dealt with at once, at least 1
     * @param capacity how many events from elsewhere may be pending; further ones are refused. What is published while
     *     an event is dealt with is always taken
     * @param attempts how often an event is tried before it is given up, at least 1
     * @param pause before it is tried the second time
     */
    public record Settings(int workers, int capacity, int attempts, Duration pause) {

        public Settings {
            atLeastOne("workers", workers);
            atLeastOne("capacity", capacity);
            atLeastOne("attempts", attempts);
            requireNonNull(pause, "pause is null");
        }

        private static void atLeastOne(String field, int value) {
            if (value < 1) {
                throw new InvalidValueException(field, value, field + " >= 1");
            }
        }
    }

    /**
     * Starts to work.
     *
     * @param handlers who deals with events, by type; events of other types are for nobody here
     */
    public InProcessBus(Map<String, Consumer<Event>> handlers, DeadLetters letters, Settings settings) {
        this(handlers, letters, (event, fault) -> {}, settings);
    }

    /**
     * Starts to work.
     *
     * @param handlers who deals with events, by type; events of other types are for nobody here
     * @param givenUp who is told of events that were given up, once they are kept
     */
    public InProcessBus(
            Map<String, Consumer<Event>> handlers,
            DeadLetters letters,
            BiConsumer<Event, Fault> givenUp,
            Settings settings) {
        this.handlers = Map.copyOf(handlers);
        this.givenUp = requireNonNull(givenUp, "givenUp is null");
        this.letters = requireNonNull(letters, "letters is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.workers = new ScheduledThreadPoolExecutor(settings.workers(), task -> {
            Thread thread = new Thread(task, "sclera-events");
            thread.setDaemon(true);
            own.add(thread);
            return thread;
        });
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public String name() {
        return "local";
    }

    /** Nobody does: whoever is at an event tells its end, and what a process leaves behind is taken up by the next. */
    @Override
    public boolean givesUpWaiting() {
        return false;
    }

    @Override
    public void publish(Event event) {
        publish(event, Duration.ZERO);
    }

    /**
     * Hands an event over, to be dealt with after a while.
     *
     * @throws StorageException where too many are pending
     */
    public void publish(Event event, Duration delay) {
        Consumer<Event> handler = handlers.get(event.type());
        if (handler == null) {
            LOG.debug("{} of {} is for nobody here", event.type(), event.subject());
            return;
        }
        synchronized (idle) {
            if (pending >= settings.capacity() && !own.contains(Thread.currentThread())) {
                throw full(event);
            }
            if (waiting.putIfAbsent(event.id(), event) != null) {
                return;
            }
            pending++;
        }
        schedule(event, handler, 1, delay);
    }

    private StorageException full(Event event) {
        return new StorageException(
                "The event %s of %s was not taken: %d are pending. Try again later."
                        .formatted(event.type(), event.subject(), settings.capacity()),
                new IllegalStateException("the bus is full"));
    }

    private void schedule(Event event, Consumer<Event> handler, int attempt, Duration delay) {
        try {
            workers.schedule(() -> deal(event, handler, attempt), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the process is ending: what follows from the last events is kept for the next one
            waiting.remove(event.id(), event);
            keep(event, new Fault(DeadLetter.CUT_OFF, "The process ended before."), 0);
            done();
        }
    }

    private void deal(Event event, Consumer<Event> handler, int attempt) {
        // from now on the same event is another one: what it tells may have changed
        waiting.remove(event.id(), event);
        try {
            handler.accept(event);
        } catch (HeldElsewhereException e) {
            if (heldElsewhere(event, handler, attempt, e)) {
                return;
            }
        } catch (RuntimeException | Error e) {
            if (failed(event, handler, attempt, e)) {
                return;
            }
        }
        done();
    }

    /** @return whether it is tried again */
    private boolean failed(Event event, Consumer<Event> handler, int attempt, Throwable failure) {
        if (attempt >= settings.attempts() || isHopeless(failure)) {
            LOG.error("{} of {} was given up: {}", event.type(), event.subject(), failure.getMessage());
            keep(event, Fault.of(failure), attempt);
            tell(event, Fault.of(failure));
            return false;
        }
        if (waiting.putIfAbsent(event.id(), event) != null) {
            // it came again meanwhile
            return false;
        }
        Duration pause = pause(attempt);
        LOG.warn(
                "{} of {} failed and is tried again in {} ms: {}",
                event.type(),
                event.subject(),
                pause.toMillis(),
                failure.getMessage());
        schedule(event, handler, attempt + 1, pause);
        return true;
    }

    /**
     * Another process is at it, which is no failure: it comes again once that one is taken for dead.
     *
     * @return whether it does
     */
    private boolean heldElsewhere(Event event, Consumer<Event> handler, int attempt, HeldElsewhereException held) {
        if (waiting.putIfAbsent(event.id(), event) != null) {
            return false;
        }
        LOG.info("{} of {}: {}", event.type(), event.subject(), held.getMessage());
        Duration left = Duration.between(Instant.now(), held.until());
        schedule(event, handler, attempt, left.compareTo(settings.pause()) < 0 ? settings.pause() : left);
        return true;
    }

    private void keep(Event event, Fault error, int attempts) {
        try {
            letters.keep(event, error, attempts);
        } catch (StorageException e) {
            LOG.error("{} of {} is lost: {}", event.type(), event.subject(), e.getMessage());
        }
    }

    private void tell(Event event, Fault error) {
        try {
            givenUp.accept(event, error);
        } catch (RuntimeException e) {
            LOG.error("That {} of {} was given up could not be told", event.type(), event.subject(), e);
        }
    }

    private static boolean isHopeless(Throwable failure) {
        return failure instanceof ProblemException problem && !problem.kind().retryHelps();
    }

    private Duration pause(int attempt) {
        double doubled = settings.pause().toMillis() * Math.pow(2, attempt - 1.0);
        double jitter;
        synchronized (random) {
            jitter = random.nextDouble(0.5, 1.5);
        }
        return Duration.ofMillis((long) Math.min(LONGEST_PAUSE.toMillis(), doubled * jitter));
    }

    private void done() {
        synchronized (idle) {
            pending--;
            idle.notifyAll();
        }
    }

    /** Waits until nothing is pending, what follows from what was pending included. */
    public void awaitIdle() throws InterruptedException {
        synchronized (idle) {
            while (pending > 0) {
                idle.wait();
            }
        }
    }

    /** Ends; what is waiting is kept, to be put back on a bus. What is being dealt with is left to end, for a while. */
    @Override
    public void close() {
        workers.shutdown();
        List.copyOf(waiting.values())
                .forEach(event -> keep(event, new Fault(DeadLetter.CUT_OFF, "The process ended before."), 0));
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
