package dev.sclera.local.jobs;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.defense.Whereabouts;
import dev.sclera.local.LocalStore;
import dev.sclera.problem.StorageException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.S3Access;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each job in a child process. Where this process serves the store, a child ends with it: it is asked to end and
 * saves itself first. Where the store is elsewhere, a child outlives this process, and is found by the next one.
 */
@Singleton
public class LocalDispatcher implements JobDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDispatcher.class);

    /** A little more than the job program takes to save itself. */
    private static final int GRACE_SECONDS = 30;

    /** After the bus, on which the end of a child would have it started anew. */
    private static final int LAST = 3000;

    private final LocalStore store;
    private final Artifacts artifacts;
    private final Event<Ended> ended;
    private final Executor telling = Executors.newSingleThreadExecutor(LocalDispatcher::thread);
    private final Map<String, Process> children = new TreeMap<>();

    public LocalDispatcher(LocalStore store, Artifacts artifacts, Event<Ended> ended) {
        this.store = requireNonNull(store, "store is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.ended = requireNonNull(ended, "ended is null");
    }

    /**
     * A child has ended, well or not.
     *
     * @param job its job's id
     */
    public record Ended(String job) {}

    /** Where beans are made, the application's class loader is asked for. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "sclera-jobs");
        thread.setDaemon(true);
        thread.setContextClassLoader(LocalDispatcher.class.getClassLoader());
        return thread;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public Whereabouts whereabouts(FinetuneJob job) {
        return live(job).isPresent() ? Whereabouts.THERE : Whereabouts.GONE;
    }

    private Optional<Dispatched> live(FinetuneJob job) {
        return artifacts
                .find(Keys.finetuneFile(job.id(), "dispatch.json"), Dispatched.class)
                .filter(this::runs);
    }

    @Override
    public synchronized Dispatched dispatch(FinetuneJob job) {
        Optional<Dispatched> live = live(job);
        if (live.isPresent()) {
            Dispatched earlier = live.get();
            // a child of an earlier process tells this one of its end
            ProcessHandle.of(Long.parseLong(earlier.target())).ifPresent(child -> tellEnd(child, job.id()));
            return new Dispatched(
                    Dispatched.SCHEMA, name(), earlier.target(), earlier.where(), true, earlier.dispatched(), null);
        }
        Path log = store.logs().resolve(job.id() + ".log");
        Process child = start(job, log);
        children.put(job.id(), child);
        tellEnd(child.toHandle(), job.id());
        return new Dispatched(
                Dispatched.SCHEMA,
                name(),
                Long.toString(child.pid()),
                log.toString(),
                false,
                started(child.toHandle()),
                null);
    }

    private void tellEnd(ProcessHandle child, String job) {
        // not in the thread that reaps the process, whose stack is too small for what follows
        child.onExit().thenRunAsync(() -> ended.fire(new Ended(job)), telling).exceptionally(failure -> {
            LOG.error("The end of the job {} could not be told", job, failure);
            return null;
        });
    }

    private boolean runs(Dispatched earlier) {
        return earlier.dispatcher().equals(name())
                && ProcessHandle.of(Long.parseLong(earlier.target()))
                        // another process may have been given the number since
                        .filter(process -> process.isAlive() && started(process).equals(earlier.dispatched()))
                        .isPresent();
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private Process start(FinetuneJob job, Path log) {
        try {
            Files.createDirectories(requireNonNull(log.getParent()));
            ProcessBuilder builder = new ProcessBuilder(JobCommand.of(job.id()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // not as arguments, which every user of the machine can read
            environment(builder.environment(), store.access());
            return builder.start();
        } catch (IOException e) {
            throw new StorageException(
                    "The job %s could not be started in a process of its own, whose log is \"%s\": %s."
                            .formatted(job.id(), log, e.getMessage()),
                    e);
        }
    }

    private static void environment(Map<String, String> variables, S3Access access) {
        variables.keySet().removeIf(name -> name.startsWith("SCLERA_STORE_"));
        variables.put("SCLERA_STORE_BUCKET", access.bucket());
        variables.put("SCLERA_STORE_REGION", access.region());
        if (access.endpoint() != null) {
            variables.put("SCLERA_STORE_ENDPOINT", access.endpoint().toString());
        }
        if (access.accessKey() != null && access.secretKey() != null) {
            variables.put("SCLERA_STORE_ACCESS_KEY", access.accessKey());
            variables.put("SCLERA_STORE_SECRET_KEY", access.secretKey());
        }
    }

    /**
     * Waits for a job that would end with this process.
     *
     * @return the child's exit code; 0 at once where no child of this process needs to be waited for
     */
    public int await(String id) {
        Process child;
        synchronized (this) {
            child = children.get(id);
        }
        if (child == null || !store.serves()) {
            return 0;
        }
        try {
            return child.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a job", e);
        }
    }

    /** Before the store closes. */
    synchronized void end(@Observes @Priority(LAST) ShutdownEvent event) {
        if (!store.serves()) {
            return;
        }
        children.values().forEach(Process::destroy);
        for (Process child : children.values()) {
            try {
                if (!child.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    child.destroyForcibly();
                }
            } catch (InterruptedException e) {
                child.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
