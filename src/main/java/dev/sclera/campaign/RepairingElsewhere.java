package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.FinetuneJobs;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.FinetuneStatus;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.problem.ConflictException;
import dev.sclera.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Sends models to where they are fine-tuned, and finds those that are. */
final class RepairingElsewhere implements Repairing {

    /** A job that ends without a word, for lack of memory for example, would be started for ever. */
    private static final int MOST_STARTS = 4;

    private static final Duration SILENCE = Duration.ofMinutes(15);

    private final Finetuning finetuning;
    private final FinetuneJobs jobs;
    private final JobDispatcher dispatcher;
    private final Consumer<String> awaited;

    /** @param awaited takes note of a job's id before it is sent off */
    RepairingElsewhere(Finetuning finetuning, FinetuneJobs jobs, JobDispatcher dispatcher, Consumer<String> awaited) {
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
        this.jobs = requireNonNull(jobs, "jobs is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.awaited = requireNonNull(awaited, "awaited is null");
    }

    /**
     * Finds the repaired model, or has it made.
     *
     * @throws ConflictException where the job failed, or ended without a word too often: to send it off again by itself
     *     would fail again, for money
     */
    @Override
    public Finetune repair(FinetuneSpec spec, Progress progress) {
        FinetuneJob job = finetuning.submit(spec);
        // before anything can fail: whoever mends it has the campaign go on
        awaited.accept(job.id());
        FinetuneStatus status = finetuning.status(job.id());
        if (status.state() == FinetuneStatus.State.SUCCEEDED) {
            return finetuning.registered(job, spec);
        }
        int starts = jobs.starts(job.id());
        if (status.state() == FinetuneStatus.State.FAILED && starts > 0) {
            throw failure(job, "failed: " + status.error());
        }
        if (starts >= MOST_STARTS && status.state() != FinetuneStatus.State.INTERRUPTED) {
            if (isAtIt(job, status)) {
                throw new RepairAwaitedException(job.id());
            }
            throw failure(job, "was started %d times and has not ended well yet.".formatted(MOST_STARTS));
        }
        jobs.dispatch(job, dispatcher);
        throw new RepairAwaitedException(job.id());
    }

    /** Where its target cannot tell: a job that runs writes down how far it is. */
    private boolean isAtIt(FinetuneJob job, FinetuneStatus status) {
        return switch (dispatcher.whereabouts(job)) {
            case THERE -> true;
            case GONE -> false;
            case UNKNOWN ->
                status.state() == FinetuneStatus.State.RUNNING
                        && status.updated().isAfter(Instant.now().minus(SILENCE));
        };
    }

    private ConflictException failure(FinetuneJob job, String what) {
        return new ConflictException(
                "repair",
                "The repair %s %s Once its cause is mended, send it off again with the function \"finetune\", or on the command line with `sclera finetune --dispatch %s`; when it has succeeded, the campaign goes on."
                        .formatted(job.id(), what, dispatcher.name()));
    }
}
