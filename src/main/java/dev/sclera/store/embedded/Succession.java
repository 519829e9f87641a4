package dev.sclera.store.embedded;

import dev.sclera.problem.StorageException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the process that serves a workspace to end, however it does, and has this one serve it from then on. Of
 * several that wait, the system lets one have the lock, and the others wait for that one.
 */
final class Succession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    /**
     * Between attempts to serve, and to lock what another object of this process holds, for which the system lets none
     * wait.
     */
    private static final long PAUSE_MILLIS = 100;

    /** For as long as clients wait where nobody answers, some ten seconds. */
    private static final int ATTEMPTS = 100;

    private final FileChannel channel;
    private final Accession accession;
    private boolean closed;
    private @Nullable Service service;

    private Succession(FileChannel channel, Accession accession) {
        this.channel = channel;
        this.accession = accession;
    }

    /** Starts to serve, with the lock that it needs, and which becomes the service's own where it starts. */
    @FunctionalInterface
    interface Accession {

        Service serve(FileLock lock) throws IOException;
    }

    /**
     * Begins to wait.
     *
     * @param lock the file that is locked
     * @param accession what to do once it is this process' turn
     */
    static Succession await(Path lock, Accession accession) throws IOException {
        Succession succession = new Succession(FileChannel.open(lock, StandardOpenOption.WRITE), accession);
        Thread waiting = new Thread(succession::succeed, "workspace-succession");
        // it is no reason to go on
        waiting.setDaemon(true);
        waiting.start();
        return succession;
    }

    private void succeed() {
        try {
            accede(lock());
        } catch (ClosedChannelException e) {
            LOG.debug("Nobody waits for the workspace any more");
        } catch (IOException | RuntimeException e) {
            LOG.warn("The process that served the workspace has ended, and this one cannot in its place", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            yieldUnserved();
        }
    }

    /** Lets another have the lock, or find that nobody has. */
    private synchronized void yieldUnserved() {
        if (service == null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("The lock could not be released", e);
            }
        }
    }

    private FileLock lock() throws IOException, InterruptedException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private synchronized void accede(FileLock lock) throws IOException, InterruptedException {
        for (int attempt = 1; !closed && service == null; attempt++) {
            try {
                service = accession.serve(lock);
                LOG.info("The process that served the workspace has ended; this one serves it now");
            } catch (IOException | StorageException e) {
                // the port may be in use for a moment, for somebody's request
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                wait(PAUSE_MILLIS);
            }
        }
    }

    /** Whether it came to pass. */
    synchronized boolean served() {
        return service != null;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (service != null) {
            service.close();
        }
        // whoever waits for the lock ends that
        channel.close();
    }
}
