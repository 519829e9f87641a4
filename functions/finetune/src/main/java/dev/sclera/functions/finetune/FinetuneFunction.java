package dev.sclera.functions.finetune;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.Recrafts;
import dev.sclera.dataset.Perturbations;
import dev.sclera.defense.EpochLine;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.FinetuneJobs;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.FinetuneStatus;
import dev.sclera.defense.Finetuning;
import dev.sclera.functions.finetune.dispatch.Dispatchers;
import dev.sclera.store.Keys;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Submits fine-tuning jobs, has them run elsewhere, and tells how far they are; it never trains. */
@Singleton
public class FinetuneFunction {

    private final Finetuning finetuning;
    private final FinetuneJobs jobs;
    private final Perturbations perturbations;
    private final Dispatchers dispatchers;

    public FinetuneFunction(
            Finetuning finetuning, FinetuneJobs jobs, Perturbations perturbations, Dispatchers dispatchers) {
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
        this.jobs = requireNonNull(jobs, "jobs is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.dispatchers = requireNonNull(dispatchers, "dispatchers is null");
    }

    /** Submits a job and has it run; one that is done, or under way, is found. */
    @Funq("finetune")
    @Measured("finetune")
    public FinetuneResult finetune(@Nullable FinetuneRequest request) {
        FinetuneRequest said = StrictRecord.require(request);
        // before anything is written: a dispatcher that there is not must cost nothing
        dispatchers.named(said.dispatcher());
        FinetuneJob job = submit(said);
        jobs.dispatch(job, dispatchers.named(said.dispatcher()));
        return result(job);
    }

    /** Submits a job, and leaves it to the caller to have it run. */
    public FinetuneJob submit(FinetuneRequest request) {
        FinetuneSpec spec = request.spec();
        spec.check();
        if (spec.recraftEvery() > 0) {
            spec.perturbations().stream().map(perturbations::get).forEach(Recrafts::requireKnown);
        }
        return finetuning.submit(spec);
    }

    /** Tells how far a job is; for polling. */
    @Funq("finetune-status")
    @Measured("finetune-status")
    public FinetuneResult status(@Nullable FinetuneStatusRequest request) {
        return result(jobs.get(StrictRecord.require(request).required()));
    }

    /** A job, and how far it is. */
    public FinetuneResult result(FinetuneJob job) {
        FinetuneStatus status = finetuning.status(job.id());
        List<EpochLine> log = jobs.log(job.id());
        return new FinetuneResult(
                job.id(),
                status.state(),
                status.epoch(),
                status.epochs(),
                status.images(),
                status.totalImages(),
                status.error(),
                status.updated(),
                job.name(),
                Keys.model(job.name()),
                Keys.finetuneFile(job.id(), "job.json"),
                Keys.finetuneFile(job.id(), "status.json"),
                Keys.finetuneFile(job.id(), "log.jsonl"),
                log.isEmpty() ? null : log.get(log.size() - 1),
                jobs.dispatched(job.id()).orElse(null));
    }
}
