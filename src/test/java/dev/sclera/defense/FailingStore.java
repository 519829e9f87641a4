package dev.sclera.defense;

import dev.sclera.problem.StorageException;
import dev.sclera.store.ForwardingStore;
import dev.sclera.store.ObjectStore;
import java.util.function.Predicate;

/** A store that refuses to write some objects, as one whose disk is full. */
final class FailingStore extends ForwardingStore {

    private final Predicate<String> refused;

    FailingStore(ObjectStore beneath, Predicate<String> refused) {
        super(beneath);
        this.refused = refused;
    }

    @Override
    public void put(String key, byte[] body, String contentType) {
        check(key);
        super.put(key, body, contentType);
    }

    @Override
    public byte[] createOrAdopt(String key, byte[] body, String contentType) {
        check(key);
        return super.createOrAdopt(key, body, contentType);
    }

    private void check(String key) {
        if (refused.test(key)) {
            throw new StorageException("The disk is full.", new IllegalStateException("no space left on device"));
        }
    }
}
