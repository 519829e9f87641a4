package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The jobs of a store: which there are, where they were sent to, and what they tell. */
@Singleton
public class FinetuneJobs {

    private static final String FOLDER = "finetunes/";
    private static final String RECORD = "/job.json";

    private final Artifacts artifacts;
    private final Finetuning finetuning;

    @Inject
    public FinetuneJobs(Artifacts artifacts, Finetuning finetuning) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
    }

    /** The ids of all jobs that were submitted, sorted. */
    public List<String> ids() {
        return ids("");
    }

    private List<String> ids(String start) {
        return artifacts.objects().list(FOLDER + start).stream()
                .filter(key -> key.endsWith(RECORD))
                .map(key -> key.substring(FOLDER.length(), key.length() - RECORD.length()))
                .toList();
    }

    /**
     * A job that was submitted.
     *
     * @param idOrPrefix its id, or the first digits of it (at least six) where they are unique
     * @throws InvalidValueException where it is not six or more hexadecimal digits
     * @throws MissingArtifactException where there is none, or more than one
     */
    public FinetuneJob get(String idOrPrefix) {
        if (!idOrPrefix.matches("[0-9a-f]{6,64}")) {
            throw new InvalidValueException(
                    "id", idOrPrefix, "a job's id of 64 lower-case hexadecimal digits, or its first six or more");
        }
        List<String> ids = ids(idOrPrefix);
        if (ids.size() > 1) {
            throw new MissingArtifactException(
                    "id",
                    "\"%s\" is the start of %d jobs: %s. Give more digits."
                            .formatted(idOrPrefix, ids.size(), String.join(", ", ids)));
        }
        return finetuning.job(ids.isEmpty() ? idOrPrefix : ids.get(0));
    }

    /** Where a job was last sent to; nothing where nobody sent it anywhere. */
    public Optional<Dispatched> dispatched(String id) {
        return artifacts.find(key(id), Dispatched.class);
    }

    /** How often a job was started so far. */
    public int starts(String id) {
        return dispatched(id)
                .map(last -> last.starts() == null ? 1 : last.starts())
                .orElse(0);
    }

    /** One line per epoch that is done, the first of the original; none before that was looked at. */
    public List<EpochLine> log(String id) {
        return artifacts.objects().find(Keys.finetuneFile(id, "log.jsonl")).stream()
                .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
                .map(line -> JsonFormat.read(line.getBytes(StandardCharsets.UTF_8), EpochLine.class))
                .toList();
    }

    /**
     * Sends a job to where it runs, unless it is done.
     *
     * @return where it was sent to; nothing where it is done
     */
    public Optional<Dispatched> dispatch(FinetuneJob job, JobDispatcher dispatcher) {
        FinetuneStatus before = finetuning.status(job.id());
        if (before.state() == FinetuneStatus.State.SUCCEEDED) {
            return Optional.empty();
        }
        if (before.state() == FinetuneStatus.State.FAILED || before.state() == FinetuneStatus.State.INTERRUPTED) {
            // before it may run: whoever asks then must not be told of the last failure
            write(job.id(), before.in(FinetuneStatus.State.QUEUED));
        }
        Dispatched dispatched;
        try {
            dispatched = dispatcher.dispatch(job);
        } catch (RuntimeException e) {
            boolean waitsElsewhere = before.state() == FinetuneStatus.State.QUEUED
                    && dispatched(job.id()).isPresent();
            FinetuneStatus now = finetuning.status(job.id());
            if (now.state() == FinetuneStatus.State.QUEUED && !waitsElsewhere) {
                write(job.id(), now.failed(String.valueOf(e.getMessage())));
            }
            throw e;
        }
        Dispatched counted = dispatched.counted(starts(job.id()));
        artifacts.replace(key(job.id()), counted);
        return Optional.of(counted);
    }

    private void write(String id, FinetuneStatus status) {
        artifacts.replace(Keys.finetuneFile(id, "status.json"), status);
    }

    private static String key(String id) {
        return Keys.finetuneFile(id, "dispatch.json");
    }
}
