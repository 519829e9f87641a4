package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.MissingArtifactException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The records of the artifact contract. A record is written last, once everything it names is there, and only once: an
 * artifact without its record does not exist.
 */
@Singleton
public class Artifacts {

    private final ObjectStore objects;

    @Inject
    public Artifacts(ObjectStore objects) {
        this.objects = requireNonNull(objects, "objects is null");
    }

    /** The objects beneath. */
    public ObjectStore objects() {
        return objects;
    }

    /**
     * The record under a key, or nothing where there is none.
     *
     * @throws CorruptArtifactException where it is not such a record
     */
    public <T extends Record> Optional<T> find(String key, Class<T> type) {
        throw new UnsupportedOperationException();
    }

    /**
     * The record under a key.
     *
     * @param field the field of the request that named the artifact, for the error's sake
     * @throws MissingArtifactException where there is none
     * @throws CorruptArtifactException where it is not such a record
     */
    public <T extends Record> T get(String field, String key, Class<T> type) {
        throw new UnsupportedOperationException();
    }

    /**
     * Publishes a record; where another writer was first, adopts what it wrote.
     *
     * @return the record that the store holds
     */
    public <T extends Record> T publish(String key, T record) {
        throw new UnsupportedOperationException();
    }
}
