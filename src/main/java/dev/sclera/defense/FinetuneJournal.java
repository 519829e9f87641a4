package dev.sclera.defense;

import dev.sclera.store.Artifacts;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What a job tells of itself while it runs: {@code status.json} and {@code log.jsonl}. */
final class FinetuneJournal {

    private final Artifacts artifacts;
    private final FinetuneJob job;
    private FinetuneStatus last;

    FinetuneJournal(Artifacts artifacts, FinetuneJob job, long totalImages) {
        this.artifacts = artifacts;
        this.job = job;
        this.last = FinetuneStatus.of(FinetuneStatus.State.RUNNING, job.spec(), 0, 0, totalImages);
    }

    /** How many images all epochs have together. */
    long totalImages() {
        return last.totalImages();
    }

    /** @param epoch how many epochs are done */
    void running(int epoch, long images) {
        write(FinetuneStatus.of(FinetuneStatus.State.RUNNING, job.spec(), epoch, images, last.totalImages()));
    }

    void succeeded(int epoch) {
        write(FinetuneStatus.of(FinetuneStatus.State.SUCCEEDED, job.spec(), epoch, last.images(), last.totalImages()));
    }

    void interrupted() {
        write(last.in(FinetuneStatus.State.INTERRUPTED));
    }

    void failed(String why) {
        write(last.failed(why));
    }

    private void write(FinetuneStatus status) {
        last = status;
        artifacts.replace(Keys.finetuneFile(job.id(), "status.json"), status);
    }

    void log(List<EpochLine> lines) {
        String text = lines.stream().map(line -> JsonFormat.line(line) + "\n").collect(Collectors.joining());
        artifacts
                .objects()
                .put(
                        Keys.finetuneFile(job.id(), "log.jsonl"),
                        text.getBytes(StandardCharsets.UTF_8),
                        "application/x-ndjson");
    }
}
