package dev.sclera.store.embedded;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import dev.sclera.store.ObjectCreated;
import dev.sclera.store.S3Access;
import dev.sclera.store.S3ObjectStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the user's as the store. The first process that opens it serves it by an {@link EmbeddedS3} and holds a
 * lock; further ones use that process' endpoint, so that a command works beside a running server. Where that process
 * ends before them, one of them serves it in its place, at the same address ({@link Succession}), and the others go on
 * as if nothing had been: their clients wait where nobody answers for a moment.
 *
 * <p>Invariant: only the holder of the lock writes below the folder. The lock ends with its process however that ends,
 * so a killed process leaves nothing to clear up.
 */
public final class Workspace implements AutoCloseable {

    /** The bucket within a workspace, hence the folder's name in it. */
    public static final String BUCKET = "sclera";

    /** What of the folder is no bucket, but the workspace's own. */
    static final String STATE = ".sclera";

    private final Path folder;
    private final S3Access access;
    /** What this process serves it by, where it was the first. */
    private final @Nullable Service service;
    /** What it waits for, where it was not. */
    private final @Nullable Succession succession;

    private Workspace(Path folder, S3Access access, @Nullable Service service, @Nullable Succession succession) {
        this.folder = folder;
        this.access = access;
        this.service = service;
        this.succession = succession;
    }

    /**
     * Opens a workspace, and makes the folder where there is none.
     *
     * @param folder the folder
     * @param port the port to serve it on, or 0 for any; without effect where another process serves it already
     * @throws InvalidValueException where the folder cannot be used
     */
    public static Workspace open(Path folder, int port) {
        return open(folder, port, object -> {});
    }

    /**
     * Opens a workspace, and tells of what is written to it.
     *
     * @param folder the folder
     * @param port the port to serve it on, or 0 for any; without effect where another process serves it already
     * @param listener told of every object that is written, by whatever process; not as long as another process serves
     *     it
     * @throws InvalidValueException where the folder cannot be used
     */
    public static Workspace open(Path folder, int port, ObjectCreated.Listener listener) {
        requireNonNull(folder, "folder is null");
        Path state = folder.resolve(STATE);
        try {
            Files.createDirectories(state);
            Files.createDirectories(folder.resolve(BUCKET));
            return serveOrJoin(folder, state.resolve("lock"), port, listener);
        } catch (IOException e) {
            throw new InvalidValueException(
                    "workspace",
                    folder,
                    "a folder that can be written to, on a disk with room (%s: %s)"
                            .formatted(e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    private static @Nullable FileLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
            }
            return lock;
        } catch (OverlappingFileLockException e) {
            // another workspace object of this very process
            channel.close();
            return null;
        }
    }

    private static Workspace serveOrJoin(Path folder, Path file, int port, ObjectCreated.Listener listener)
            throws IOException {
        // another process may be starting or ending: its lock comes first and goes last
        for (int attempt = 0; attempt < 50; attempt++) {
            FileLock lock = lock(file);
            if (lock != null) {
                return serve(folder, lock, port, listener);
            }
            Optional<S3Access> other = Service.other(folder);
            if (other.isPresent()) {
                S3Access access = other.get();
                return new Workspace(
                        folder,
                        access,
                        null,
                        Succession.await(file, mine -> Service.start(folder, mine, access, listener)));
            }
            pause();
        }
        throw new StorageException(
                "The workspace \"%s\" is in use by another process, which does not say where it serves it. End that process, or choose another --workspace."
                        .formatted(folder),
                new IOException("no live endpoint in " + Service.told(folder)));
    }

    private static Workspace serve(Path folder, FileLock lock, int port, ObjectCreated.Listener listener)
            throws IOException {
        try {
            Service service = Service.start(folder, lock, EmbeddedS3.drawn(port, BUCKET), listener);
            return new Workspace(folder, service.server().access(), service, null);
        } catch (IOException | RuntimeException e) {
            lock.acquiredBy().close();
            throw e;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for another process", e);
        }
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** How to reach the bucket, for any S3 client. */
    public S3Access access() {
        return access;
    }

    /** Whether this process serves the workspace by now, rather than another one that it joined. */
    public boolean served() {
        return service != null || succession != null && succession.served();
    }

    /** The file that an object is kept in. */
    public Path file(String key) {
        return folder.resolve(BUCKET).resolve(key);
    }

    /** The objects of the workspace; to be closed by the caller. */
    public S3ObjectStore objects() {
        return new S3ObjectStore(access);
    }

    @Override
    public void close() {
        try {
            if (service != null) {
                service.close();
            }
            if (succession != null) {
                succession.close();
            }
        } catch (IOException e) {
            throw new StorageException(
                    "The workspace \"%s\" could not be closed: %s.".formatted(folder, e.getMessage()), e);
        }
    }
}
