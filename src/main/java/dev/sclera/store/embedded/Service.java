package dev.sclera.store.embedded;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.JsonFormat;
import dev.sclera.store.ObjectCreated;
import dev.sclera.store.S3Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this process serves a workspace by: the lock on it, the endpoint, and the file that tells others of that. */
record Service(EmbeddedS3 server, FileLock lock, Path told) implements AutoCloseable {

    private static final Pattern UNFINISHED =
            Pattern.compile(".+\\.[a-z0-9]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What a process that serves a workspace tells others; kept from other users' eyes. */
    record Endpoint(URI endpoint, String accessKey, String secretKey, long process) {

        /** How others reach it. */
        S3Access access() {
            return new S3Access(endpoint, EmbeddedS3.REGION, Workspace.BUCKET, accessKey, secretKey);
        }

        /** Whether the process is there, which may have been killed. */
        boolean isAlive() {
            return ProcessHandle.of(process).isPresent();
        }
    }

    /**
     * Starts to serve.
     *
     * @param folder the workspace
     * @param lock the lock on it, which becomes its own where it starts
     * @param wanted how it is to be reached; at port 0, at any
     * @param listener told of every object that is written
     */
    static Service start(Path folder, FileLock lock, S3Access wanted, ObjectCreated.Listener listener)
            throws IOException {
        Path told = told(folder);
        // what a killed process left behind would lead others astray until this one says where it is
        Files.deleteIfExists(told);
        sweep(folder.resolve(Workspace.BUCKET));
        EmbeddedS3 server = EmbeddedS3.start(folder, wanted, listener);
        S3Access access = server.access();
        Endpoint endpoint = new Endpoint(
                requireNonNull(access.endpoint()),
                requireNonNull(access.accessKey()),
                requireNonNull(access.secretKey()),
                ProcessHandle.current().pid());
        try {
            write(told, JsonFormat.write(endpoint));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return new Service(server, lock, told);
    }

    /** How to reach the process that serves a workspace, if there is one and it says so. */
    static Optional<S3Access> other(Path folder) {
        try {
            Endpoint endpoint = JsonFormat.read(Files.readAllBytes(told(folder)), Endpoint.class);
            return Optional.of(endpoint).filter(Endpoint::isAlive).map(Endpoint::access);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The file that tells where a workspace is served. */
    static Path told(Path folder) {
        return folder.resolve(Workspace.STATE).resolve("endpoint.json");
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
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Stops, and gives the workspace to whoever waits for it. */
    @Override
    public void close() throws IOException {
        try {
            server.close();
            Files.deleteIfExists(told);
        } finally {
            lock.acquiredBy().close();
        }
    }
}
