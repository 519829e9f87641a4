package dev.sclera.cost;

/**
 * What was used of a cloud.
 *
 * @param invocations of functions
 * @param functionSeconds of all invocations together
 * @param gpuSeconds of instances with a GPU
 * @param reads of objects
 * @param writes of objects
 * @param gigabytes kept for a month
 * @param events on the event bus
 * @param queueRequests to queues
 * @param logGigabytes written
 */
public record Usage(
        double invocations,
        double functionSeconds,
        double gpuSeconds,
        double reads,
        double writes,
        double gigabytes,
        double events,
        double queueRequests,
        double logGigabytes) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** What an invocation logs, in gigabytes; assumed. */
    private static final double LOGGED = 4e-6;

    /** A message is sent, received and deleted. */
    private static final double QUEUE_REQUESTS = 3;

    /** A perturbed image, in gigabytes: 8-bit PNG of some 224×224 pixels; assumed. */
    private static final double PERTURBED = 1.2e-4;

    /** What else an invocation leaves, in gigabytes: predictions, δ, records; assumed. */
    private static final double LEFT = 1e-4;

    /**
     * What a cut piece of work uses: each invocation comes by an event and a message, and ends with one.
     *
     * @param perturbedImages images that it writes
     */
    public static Usage of(Cut cut, long perturbedImages) {
        Cut.Gathering gathering = cut.gathering() == null ? new Cut.Gathering(0, 0) : cut.gathering();
        double seconds = cut.parts() * cut.seconds() + gathering.seconds();
        long units = cut.kind() == Cut.Kind.JOB ? cut.parts() : cut.invocations();
        return new Usage(
                cut.invocations(),
                cut.kind() == Cut.Kind.JOB ? 0 : seconds,
                cut.kind() == Cut.Kind.JOB ? seconds : 0,
                cut.parts() * cut.reads() + gathering.reads(),
                units * cut.writes(),
                perturbedImages * PERTURBED + units * LEFT,
                2.0 * units,
                QUEUE_REQUESTS * cut.invocations(),
                units * LOGGED);
    }

    /** Both together. */
    public Usage plus(Usage other) {
        return new Usage(
                invocations + other.invocations,
                functionSeconds + other.functionSeconds,
                gpuSeconds + other.gpuSeconds,
                reads + other.reads,
                writes + other.writes,
                gigabytes + other.gigabytes,
                events + other.events,
                queueRequests + other.queueRequests,
                logGigabytes + other.logGigabytes);
    }

    /** So many times as much. */
    public Usage times(double factor) {
        return new Usage(
                factor * invocations,
                factor * functionSeconds,
                factor * gpuSeconds,
                factor * reads,
                factor * writes,
                factor * gigabytes,
                factor * events,
                factor * queueRequests,
                factor * logGigabytes);
    }
}
