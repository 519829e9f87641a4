package dev.sclera.local.jobs;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.Recrafts;
import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneInterruptedException;
import dev.sclera.defense.FinetuneJobs;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.Finetuning;
import dev.sclera.job.EndSignal;
import dev.sclera.progress.Progress;
import jakarta.inject.Singleton;

/** Repairs from the command line: here and now, or wherever they were sent. */
@Singleton
public class Repairs {

    /** Long enough for a step of training. */
    private static final int GRACE_SECONDS = 25;

    private final Finetuning finetuning;
    private final FinetuneJobs jobs;
    private final Recrafts recrafts;
    private final LocalDispatcher local;
    private final Progress progress;

    public Repairs(
            Finetuning finetuning, FinetuneJobs jobs, Recrafts recrafts, LocalDispatcher local, Progress progress) {
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
        this.jobs = requireNonNull(jobs, "jobs is null");
        this.recrafts = requireNonNull(recrafts, "recrafts is null");
        this.local = requireNonNull(local, "local is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /**
     * Repairs in this process; what was cut off goes on where it was.
     *
     * @throws FinetuneInterruptedException where the process is to end; all is saved then
     */
    public Finetune run(FinetuneSpec spec) {
        try (EndSignal signal = EndSignal.install(GRACE_SECONDS)) {
            return finetuning.run(spec, recrafts, signal, progress);
        }
    }

    public FinetuneJobs jobs() {
        return jobs;
    }

    public LocalDispatcher local() {
        return local;
    }
}
