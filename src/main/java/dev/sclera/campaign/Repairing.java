package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.Finetuning;
import dev.sclera.progress.Progress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Has models fine-tuned for a campaign: here and now. */
@Singleton
public class Repairing {

    private final Finetuning finetuning;

    @Inject
    public Repairing(Finetuning finetuning) {
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
    }

    /** The model repaired, or found repaired. */
    Finetune repair(FinetuneSpec spec, Progress progress) {
        return finetuning.run(spec, null, progress);
    }
}
