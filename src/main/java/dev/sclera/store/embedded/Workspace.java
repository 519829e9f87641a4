package dev.sclera.store.embedded;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.ObjectCreated;
import dev.sclera.store.S3Access;
import dev.sclera.store.S3ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the user's as the store. The first process that opens it serves it by an {@link EmbeddedS3} and holds a
 * lock; further ones use that process' endpoint, so that a command works beside a running server.
 *
 * <p>Invariant: only the holder of the lock writes below the folder. The lock ends with its process however that ends,
 * so a killed process leaves nothing to clear up.
 */
public final class Workspace implements AutoCloseable {

    /** The bucket within a workspace, hence the folder's name in it. */
    public static final String BUCKET = "sclera";

    private static final Pattern UNFINISHED =
            Pattern.compile(".+\\.[a-z0-9]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path folder;
    private final S3Access access;
    private final @Nullable EmbeddedS3 server;
    private final @Nullable FileLock lock;

    private Workspace(Path folder, S3Access access, @Nullable EmbeddedS3 server, @Nullable FileLock lock) {
        this.folder = folder;
        this.access = access;
        this.server = server;
        this.lock = lock;
    }

    /** What a process that serves a workspace tells others; kept from other users' eyes. */
    record Endpoint(URI endpoint, String accessKey, String secretKey, long process) {}

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
     * @param listener told of every object that is written, by whatever process; never where another process serves it
     * @throws InvalidValueException where the folder cannot be used
     */
    public static Workspace open(Path folder, int port, ObjectCreated.Listener listener) {
        requireNonNull(folder, "folder is null");
        Path state = folder.resolve(".sclera");
        try {
            Files.createDirectories(state);
            Files.createDirectories(folder.resolve(BUCKET));
            FileLock lock = lock(state.resolve("lock"));
            if (lock == null) {
                return join(folder, state);
            }
            try {
                return serve(folder, state, lock, port, listener);
            } catch (IOException | RuntimeException e) {
                lock.acquiredBy().close();
                throw e;
            }
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

    private static Workspace serve(Path folder, Path state, FileLock lock, int port, ObjectCreated.Listener listener)
            throws IOException {
        // what a killed process left behind would lead others astray until this one says where it is
        Files.deleteIfExists(state.resolve("endpoint.json"));
        sweep(folder.resolve(BUCKET));
        EmbeddedS3 server = EmbeddedS3.start(folder, port, BUCKET, listener);
        S3Access access = server.access();
        Endpoint endpoint = new Endpoint(
                requireNonNull(access.endpoint()),
                requireNonNull(access.accessKey()),
                requireNonNull(access.secretKey()),
                ProcessHandle.current().pid());
        try {
            write(state.resolve("endpoint.json"), JsonFormat.write(endpoint));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return new Workspace(folder, access, server, lock);
    }

    /**
     * Deletes what a killed process was writing: the endpoint writes {@code a.json} as {@code a.json-<uuid>} first, and
     * would list that as an object.
     */
    private static void sweep(Path bucket) throws IOException {
        List<Path> unfinished;
        try (Stream<Path> files = Files.walk(bucket)) {
            unfinished = files.filter(file ->
                            UNFINISHED.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : unfinished) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Written aside and moved, so that nobody reads half of it; readable by the user alone where the system can do
     * that.
     */
    private static void write(Path file, byte[] content) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(aside);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(aside, content);
        Files.move(
                aside,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static Workspace join(Path folder, Path state) throws IOException {
        Path file = state.resolve("endpoint.json");
        IOException unreadable = null;
        // the other process may be starting: its lock comes first, its endpoint a moment later
        for (int attempt = 0; attempt < 50; attempt++) {
            Optional<Endpoint> endpoint = Optional.empty();
            try {
                endpoint = Optional.of(JsonFormat.read(Files.readAllBytes(file), Endpoint.class));
            } catch (IOException e) {
                unreadable = e;
            }
            if (endpoint.isPresent()
                    && ProcessHandle.of(endpoint.get().process()).isPresent()) {
                Endpoint other = endpoint.get();
                return new Workspace(
                        folder,
                        new S3Access(other.endpoint(), "us-east-1", BUCKET, other.accessKey(), other.secretKey()),
                        null,
                        null);
            }
            pause();
        }
        throw new StorageException(
                "The workspace \"%s\" is in use by another process, which does not say where it serves it. End that process, or choose another --workspace."
                        .formatted(folder),
                unreadable == null ? new IOException("no live endpoint in " + file) : unreadable);
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

    /** Whether this process serves the workspace, rather than another one that it joined. */
    public boolean served() {
        return server != null;
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
            if (server != null) {
                server.close();
                Files.deleteIfExists(folder.resolve(".sclera").resolve("endpoint.json"));
            }
            if (lock != null) {
                lock.acquiredBy().close();
            }
        } catch (IOException e) {
            throw new StorageException(
                    "The workspace \"%s\" could not be closed: %s.".formatted(folder, e.getMessage()), e);
        }
    }
}
