package dev.sclera.campaign;

import dev.sclera.store.ObjectState;
import dev.sclera.store.ObjectStore;
import dev.sclera.store.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** A store of which what is written stays in memory, and is gone with it; what is beneath is read alone. */
final class OverlaidStore implements ObjectStore {

    private final ObjectStore beneath;
    private final Map<String, byte[]> written = new ConcurrentHashMap<>();

    OverlaidStore(ObjectStore beneath) {
        this.beneath = beneath;
    }

    @Override
    public byte[] get(String key) {
        byte[] own = written.get(key);
        return own == null ? beneath.get(key) : own;
    }

    @Override
    public byte[] get(String key, String sha256) {
        byte[] own = written.get(key);
        return own == null ? beneath.get(key, sha256) : own;
    }

    @Override
    public Optional<byte[]> find(String key) {
        byte[] own = written.get(key);
        return own == null ? beneath.find(key) : Optional.of(own);
    }

    @Override
    public boolean exists(String key) {
        return written.containsKey(key) || beneath.exists(key);
    }

    @Override
    public Optional<ObjectState> state(String key) {
        byte[] own = written.get(key);
        return own == null ? beneath.state(key) : Optional.of(new ObjectState(own.length, Sha256.of(own)));
    }

    @Override
    public void put(String key, byte[] body, String contentType) {
        written.put(key, body);
    }

    @Override
    public byte[] createOrAdopt(String key, byte[] body, String contentType) {
        return find(key).orElseGet(() -> {
            written.put(key, body);
            return body;
        });
    }

    @Override
    public List<String> list(String prefix) {
        TreeSet<String> keys = new TreeSet<>(beneath.list(prefix));
        written.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(keys::add);
        return List.copyOf(keys);
    }

    /** Deletes what was written here; what is beneath stays. */
    @Override
    public void delete(String key) {
        written.remove(key);
    }
}
