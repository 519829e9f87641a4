package dev.sclera.job;

import dev.sclera.defense.Interruption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: a spot machine that is wanted back, a pod that is moved, Ctrl-C. The job is asked to end, and the
 * process lives until it has saved itself or the grace is over.
 */
final class EndSignal implements Interruption, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EndSignal.class);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean requested;

    private EndSignal() {}

    /** Waits for a signal from now on. */
    static EndSignal install(int graceSeconds) {
        EndSignal signal = new EndSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.received(graceSeconds), "end of job"));
        return signal;
    }

    private void received(int graceSeconds) {
        if (ended.getCount() == 0) {
            return;
        }
        LOG.info("Asked to end: saving after this step.");
        requested = true;
        try {
            if (!ended.await(graceSeconds, TimeUnit.SECONDS)) {
                LOG.warn("Not at the end of a step within {} s; the last checkpoint is what there is.", graceSeconds);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean requested() {
        return requested;
    }

    /** The job has ended. */
    @Override
    public void close() {
        ended.countDown();
    }
}
