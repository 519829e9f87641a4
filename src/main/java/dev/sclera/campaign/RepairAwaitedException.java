package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

/** A model is being repaired elsewhere, and what is to be done with it has to wait. */
public final class RepairAwaitedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String job;

    RepairAwaitedException(String job) {
        super("The repair %s is under way.".formatted(job));
        this.job = requireNonNull(job, "job is null");
    }

    /** The id of the fine-tuning job. */
    public String job() {
        return job;
    }
}
