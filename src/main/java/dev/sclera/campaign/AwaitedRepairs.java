package dev.sclera.campaign;

import dev.sclera.defense.FinetuneStatus;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.Whereabouts;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.StorageException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which steps wait for which repairs, by notes in the store. */
record AwaitedRepairs(Artifacts artifacts, Finetuning finetuning, RepairPlace repairs) {

    private static final Logger LOG = LoggerFactory.getLogger(AwaitedRepairs.class);

    private static final String FOLDER = "awaited/";

    /** Notes that a step waits for a repair. */
    void note(String campaign, String step, String job) {
        artifacts.publish(
                folder(job) + campaign + "-" + step + ".json",
                new AwaitedRepair(AwaitedRepair.SCHEMA, job, campaign, step));
    }

    private static String folder(String job) {
        return Keys.finetuneFile(job, FOLDER);
    }

    /** The steps that wait for a repair, or did. */
    List<AwaitedRepair> of(String job) {
        return artifacts.objects().list(folder(job)).stream().map(this::read).toList();
    }

    private AwaitedRepair read(String key) {
        return artifacts.get("repair", key, AwaitedRepair.class);
    }

    private Stream<AwaitedRepair> readable(String key) {
        try {
            return Stream.of(read(key));
        } catch (CorruptArtifactException e) {
            LOG.warn("A note is passed over: {}", e.getMessage());
            return Stream.empty();
        }
    }

    /**
     * The steps that wait for a repair that has ended, or is not where it was sent.
     *
     * @param waits whether a step still waits at all
     */
    List<AwaitedRepair> forgotten(Predicate<AwaitedRepair> waits) {
        Map<String, List<AwaitedRepair>> awaited = artifacts.objects().list("finetunes/").stream()
                .filter(key -> key.contains("/" + FOLDER))
                .flatMap(this::readable)
                .filter(waits)
                .collect(Collectors.groupingBy(AwaitedRepair::job));
        return awaited.entrySet().stream()
                .filter(entry -> isForgotten(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /** A job that failed and is still there is about to be tried again by its queue. */
    private boolean isForgotten(String job) {
        try {
            Optional<Whereabouts> there =
                    repairs.dispatcher().map(dispatcher -> dispatcher.whereabouts(finetuning.job(job)));
            if (there.equals(Optional.of(Whereabouts.GONE))) {
                return true;
            }
            FinetuneStatus.State state = finetuning.status(job).state();
            return state == FinetuneStatus.State.SUCCEEDED
                    || state == FinetuneStatus.State.FAILED && !there.equals(Optional.of(Whereabouts.THERE));
        } catch (StorageException e) {
            throw e;
        } catch (ProblemException e) {
            // of one whose record is gone or damaged the step has to find out; the others are looked after all the same
            LOG.warn("The repair {} is taken for forgotten: {}", job, e.getMessage());
            return true;
        }
    }

    boolean hasEnded(String job) {
        FinetuneStatus.State state = finetuning.status(job).state();
        return state == FinetuneStatus.State.SUCCEEDED || state == FinetuneStatus.State.FAILED;
    }
}
