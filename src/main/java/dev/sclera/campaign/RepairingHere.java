package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.defense.Finetune;
import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.Recrafting;
import dev.sclera.progress.Progress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Fine-tunes models here and now. */
@Singleton
public class RepairingHere implements Repairing {

    private final Finetuning finetuning;
    private final Recrafting recrafting;

    @Inject
    public RepairingHere(Finetuning finetuning, Recrafting recrafting) {
        this.finetuning = requireNonNull(finetuning, "finetuning is null");
        this.recrafting = requireNonNull(recrafting, "recrafting is null");
    }

    @Override
    public Finetune repair(FinetuneSpec spec, Progress progress) {
        return finetuning.run(spec, recrafting, progress);
    }
}
