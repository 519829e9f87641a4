package dev.sclera.campaign;

import dev.sclera.defense.FinetuneStatus;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.Whereabouts;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which steps wait for which repairs, by notes in the store. */
record AwaitedRepairs(Artifacts artifacts, Finetuning finetuning, RepairPlace repairs) {

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

    /**
     * The steps that wait for a repair that has ended, or is not where it was sent.
     *
     * @param waits whether a step still waits at all
     */
    List<AwaitedRepair> forgotten(Predicate<AwaitedRepair> waits) {
        Map<String, List<AwaitedRepair>> awaited = artifacts.objects().list("finetunes/").stream()
                .filter(key -> key.contains("/" + FOLDER))
                .map(this::read)
                .filter(waits)
                .collect(Collectors.groupingBy(AwaitedRepair::job));
        return awaited.entrySet().stream()
                .filter(entry -> isForgotten(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private boolean isForgotten(String job) {
        return hasEnded(job)
                || repairs.dispatcher()
                        .filter(dispatcher -> dispatcher.whereabouts(finetuning.job(job)) == Whereabouts.GONE)
                        .isPresent();
    }

    boolean hasEnded(String job) {
        FinetuneStatus.State state = finetuning.status(job).state();
        return state == FinetuneStatus.State.SUCCEEDED || state == FinetuneStatus.State.FAILED;
    }
}
