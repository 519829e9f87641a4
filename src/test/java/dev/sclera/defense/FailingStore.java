package dev.sclera.defense;

import dev.sclera.problem.StorageException;
import dev.sclera.store.ObjectState;
import dev.sclera.store.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A store that refuses to write some objects, as one whose disk is full. */
record FailingStore(ObjectStore beneath, Predicate<String> refused) implements ObjectStore {

    @Override
    public byte[] get(String key) {
        return beneath.get(key);
    }

    @Override
    public byte[] get(String key, String sha256) {
        return beneath.get(key, sha256);
    }

    @Override
    public Optional<byte[]> find(String key) {
        return beneath.find(key);
    }

    @Override
    public boolean exists(String key) {
        return beneath.exists(key);
    }

    @Override
    public Optional<ObjectState> state(String key) {
        return beneath.state(key);
    }

    @Override
    public void put(String key, byte[] body, String contentType) {
        check(key);
        beneath.put(key, body, contentType);
    }

    @Override
    public byte[] createOrAdopt(String key, byte[] body, String contentType) {
        check(key);
        return beneath.createOrAdopt(key, body, contentType);
    }

    private void check(String key) {
        if (refused.test(key)) {
            throw new StorageException("The disk is full.", new IllegalStateException("no space left on device"));
        }
    }

    @Override
    public List<String> list(String prefix) {
        return beneath.list(prefix);
    }

    @Override
    public void delete(String key) {
        beneath.delete(key);
    }
}
