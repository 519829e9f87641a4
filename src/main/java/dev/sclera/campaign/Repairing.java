package dev.sclera.campaign;

import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.progress.Progress;

/** Has models fine-tuned for a campaign. */
public interface Repairing {

    /**
     * The model repaired, or found repaired.
     *
     * @throws RepairAwaitedException where it is being repaired elsewhere; asked again once it is, this finds it
     */
    Finetune repair(FinetuneSpec spec, Progress progress);
}
