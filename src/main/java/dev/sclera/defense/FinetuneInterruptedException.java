package dev.sclera.defense;

import dev.sclera.progress.WorkInterruptedException;

/** A run that ended because it was asked to, with everything saved; no fault of the job's. */
public final class FinetuneInterruptedException extends WorkInterruptedException {

    private static final long serialVersionUID = 1L;

    FinetuneInterruptedException(int epoch, int batch) {
        super("Interrupted after %d epochs and %d steps, and saved. Run the job again, and it goes on from there."
                .formatted(epoch, batch));
    }
}
