package dev.sclera.store;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives the functions the store that the configuration names. */
@Singleton
public class ObjectStoreProducer {

    /** Opens the store. */
    @Produces
    @Singleton
    public ObjectStore open(StoreConfig config, CacheConfig cache) {
        S3ObjectStore store = new S3ObjectStore(S3Access.of(config));
        if (config.createBucket()) {
            store.createBucket();
        }
        return CachedStore.of(store, cache);
    }

    /** Closes the store with the application. */
    public void close(@Disposes ObjectStore store) {
        if (store instanceof S3ObjectStore s3) {
            s3.close();
        } else if (store instanceof CachedStore cached) {
            cached.close();
        }
    }
}
