package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store whose models are kept on the disk once they were read: a grader of a hundred megabytes is read by many
 * invocations of a function on the same machine. An object whose digest the caller knows is taken from the disk as it
 * is; of one that its owner may replace, the store is asked first whether it still is the same.
 */
public final class CachedStore extends ForwardingStore implements AutoCloseable {

    /** Smaller objects come as fast from the store. */
    private static final int SMALLEST = 1 << 16;

    private static final long MEGABYTE = 1L << 20;

    private final DiskCache cache;

    /** By key and state, the digests of what was read by this process. */
    private final Map<String, String> digests = new ConcurrentHashMap<>();

    CachedStore(ObjectStore beneath, DiskCache cache) {
        super(beneath);
        this.cache = requireNonNull(cache, "cache is null");
    }

    /** A store with a cache before it, where the configuration names a folder for one; else the store itself. */
    public static ObjectStore of(ObjectStore store, CacheConfig config) {
        return config.folder()
                .<ObjectStore>map(
                        folder -> new CachedStore(store, new DiskCache(folder, config.megabytes() * MEGABYTE)))
                .orElse(store);
    }

    @Override
    public byte[] get(String key) {
        return replaceable(key)
                ? find(key).orElseGet(() -> beneath().get(key))
                : beneath().get(key);
    }

    @Override
    public byte[] get(String key, String sha256) {
        // images would stream through, and take the models' place
        return key.endsWith(".onnx")
                ? cache.find(sha256).orElseGet(() -> kept(sha256, beneath().get(key, sha256)))
                : beneath().get(key, sha256);
    }

    @Override
    public Optional<byte[]> find(String key) {
        if (!replaceable(key)) {
            return beneath().find(key);
        }
        Optional<ObjectState> state = beneath().state(key);
        if (state.isEmpty()) {
            return Optional.empty();
        }
        String read = key + '\n' + state.get();
        // never by the digest in its metadata: whoever uploads a model may write there that of another
        Optional<byte[]> cached = Optional.ofNullable(digests.get(read)).flatMap(cache::find);
        if (cached.isPresent()) {
            return cached;
        }
        Optional<byte[]> found = beneath().find(key);
        found.ifPresent(body -> {
            String sha256 = Sha256.of(body);
            kept(sha256, body);
            // were it replaced between the two requests, the state would be that of another body
            if (beneath().state(key).equals(state)) {
                digests.put(read, sha256);
            }
        });
        return found;
    }

    /** What users own, and may upload anew. */
    private static boolean replaceable(String key) {
        return key.startsWith("models/") && key.endsWith("/model.onnx");
    }

    private byte[] kept(String sha256, byte[] body) {
        if (body.length >= SMALLEST) {
            cache.keep(sha256, body);
        }
        return body;
    }

    @Override
    public void close() {
        if (beneath() instanceof S3ObjectStore s3) {
            s3.close();
        }
    }
}
