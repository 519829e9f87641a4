package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bodies of objects in a folder, as files that are named by their SHA-256; those that were not used for longest make
 * room. What is read is checked by that name, so a damaged file is one that is not there. Several processes may share a
 * folder: a file appears whole or not at all, and one that another process takes away is not there either. A disk that
 * fails costs time, nothing else.
 */
final class DiskCache {

    private static final Logger LOG = LoggerFactory.getLogger(DiskCache.class);

    private static final String UNFINISHED = ".part";

    /** What a process that was killed was writing. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;
    private final long bound;

    /**
     * A cache.
     *
     * @param folder made where it is not there
     * @param bound how many bytes the files may have together, those being written included
     */
    DiskCache(Path folder, long bound) {
        this.folder = requireNonNull(folder, "folder is null");
        this.bound = bound;
    }

    /** The body that has this SHA-256, where it is kept. */
    Optional<byte[]> find(String sha256) {
        Path file = folder.resolve(sha256);
        try {
            byte[] body = Files.readAllBytes(file);
            if (!Sha256.of(body).equals(sha256)) {
                LOG.warn("The cached file {} is damaged, and read anew from the store.", file);
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            touch(file);
            return Optional.of(body);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("The cached file {} cannot be read: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Its age is that of its last use. */
    private static void touch(Path file) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            LOG.debug("{} was used by this process while another made room", file);
        }
    }

    /** Keeps a body, unless it is larger than the cache. */
    void keep(String sha256, byte[] body) {
        if (body.length > bound) {
            return;
        }
        Path part = folder.resolve(UUID.randomUUID() + UNFINISHED);
        try {
            Files.createDirectories(folder);
            makeRoom(body.length);
            Files.write(part, body);
            Files.move(part, folder.resolve(sha256), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("\"{}\" keeps no object: {}", folder, e.toString());
            discard(part);
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} stays", file, e);
        }
    }

    private record Kept(Path file, long bytes, Instant used) {}

    private void makeRoom(long bytes) throws IOException {
        List<Kept> kept = kept();
        long taken = kept.stream().mapToLong(Kept::bytes).sum();
        kept.sort(Comparator.comparing(Kept::used));
        Instant abandoned = Instant.now().minus(ABANDONED);
        for (Kept oldest : kept) {
            boolean unfinished = oldest.file().toString().endsWith(UNFINISHED);
            if (unfinished ? oldest.used().isBefore(abandoned) : taken + bytes > bound) {
                Files.deleteIfExists(oldest.file());
                taken -= oldest.bytes();
            }
        }
    }

    private List<Kept> kept() throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                try {
                    kept.add(new Kept(
                            file,
                            Files.size(file),
                            Files.getLastModifiedTime(file).toInstant()));
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was taken away meanwhile", file);
                }
            }
        }
        return kept;
    }
}
