package dev.sclera.store;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.problem.StorageException;
import java.util.List;
import java.util.Optional;

/**
 * The objects of one bucket. Every object that Sclera writes carries the SHA-256 of its body as metadata
 * {@code sha256}, and every read checks it.
 *
 * <p>All methods throw {@link StorageException} where the store does not answer or refuses.
 */
public interface ObjectStore {

    /**
     * The body of an object.
     *
     * @throws MissingArtifactException where there is none
     * @throws CorruptArtifactException where the body is not what its metadata promises
     */
    byte[] get(String key);

    /**
     * The body of an object whose SHA-256 a record promises.
     *
     * @param sha256 64 lower-case hexadecimal digits
     * @throws MissingArtifactException where there is none
     * @throws CorruptArtifactException where the body has another digest
     */
    byte[] get(String key, String sha256);

    /** The body of an object, or nothing where there is no such object. */
    Optional<byte[]> find(String key);

    /** Whether there is such an object. */
    boolean exists(String key);

    /** An object as it is now, without its body; or nothing where there is no such object. */
    Optional<ObjectState> state(String key);

    /** Writes an object, in place of what is there. For what users own (models they upload) and for checkpoints. */
    void put(String key, byte[] body, String contentType);

    /**
     * Creates an object, or adopts the one that is there: the first writer wins, and whatever is derived from the
     * object must be derived from the returned bytes.
     *
     * @return the bytes that the store holds under this key: {@code body}, or an earlier writer's
     */
    byte[] createOrAdopt(String key, byte[] body, String contentType);

    /** The keys that start with {@code prefix}, sorted; all of them, however many. */
    List<String> list(String prefix);

    /** Deletes an object; nothing happens where there is none. For checkpoints alone. */
    void delete(String key);
}
