package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/** A store that has another one do everything, but for what a subclass does itself. */
public abstract class ForwardingStore implements ObjectStore {

    private final ObjectStore beneath;

    protected ForwardingStore(ObjectStore beneath) {
        this.beneath = requireNonNull(beneath, "beneath is null");
    }

    /** The store that does it. */
    protected final ObjectStore beneath() {
        return beneath;
    }

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
        beneath.put(key, body, contentType);
    }

    @Override
    public byte[] createOrAdopt(String key, byte[] body, String contentType) {
        return beneath.createOrAdopt(key, body, contentType);
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
