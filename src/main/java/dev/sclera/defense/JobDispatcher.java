package dev.sclera.defense;

/** Has jobs run somewhere: on a queue, in a cluster, in another process. It does not wait for them. */
public interface JobDispatcher {

    /** The name by which it is asked for, for example {@code batch}. */
    String name();

    /**
     * Has a job run, which was submitted before. Where the target tells that the job is waiting or running there
     * already, it is not started again; where it does not tell, two runs do no harm: both are on the way to the same
     * model.
     *
     * @return what was started, or found
     * @throws dev.sclera.problem.InvalidValueException where the configuration does not say enough; it names the key
     * @throws dev.sclera.problem.StorageException where the target does not answer, or refuses
     */
    Dispatched dispatch(FinetuneJob job);

    /**
     * Whether a job is where it was sent; for those that end without a word.
     *
     * @throws dev.sclera.problem.StorageException where the target does not answer, or refuses
     */
    default Whereabouts whereabouts(FinetuneJob job) {
        return Whereabouts.UNKNOWN;
    }
}
