package dev.sclera.local;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.CacheConfig;
import dev.sclera.store.CachedStore;
import dev.sclera.store.ObjectCreated;
import dev.sclera.store.ObjectStore;
import dev.sclera.store.S3Access;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.StoreConfig;
import dev.sclera.store.embedded.Workspace;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The store on one machine: the bucket that the configuration names, or else a folder behind an S3 endpoint. */
@Singleton
public class LocalStore {

    private final StoreConfig config;
    private final LocalConfig local;
    private final CacheConfig cache;
    private final Event<ObjectCreated> created;
    private @Nullable Workspace workspace;
    private @Nullable S3ObjectStore objects;

    public LocalStore(StoreConfig config, LocalConfig local, CacheConfig cache, Event<ObjectCreated> created) {
        this.config = requireNonNull(config, "config is null");
        this.local = requireNonNull(local, "local is null");
        this.cache = requireNonNull(cache, "cache is null");
        this.created = requireNonNull(created, "created is null");
    }

    /** The objects; opened when the first of them is asked for. */
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    public ObjectStore objects() {
        S3ObjectStore opened = new S3ObjectStore(access());
        if (workspace == null && config.createBucket()) {
            opened.createBucket();
        }
        objects = opened;
        // a folder on this machine is as fast as another
        return workspace == null ? CachedStore.of(opened, cache) : opened;
    }

    /** How to reach the store, for any S3 client. */
    public S3Access access() {
        if (config.bucket().isPresent()) {
            return S3Access.of(config);
        }
        if (workspace == null) {
            workspace = Workspace.open(local.workspace(), local.s3Port(), created::fire);
        }
        return workspace.access();
    }

    /** Where an object is, for people: a file below the workspace, or an S3 address. */
    public String place(String key) {
        return workspace == null
                ? "s3://%s/%s".formatted(access().bucket(), key)
                : workspace.file(key).toString();
    }

    /** The folder in words, and who serves it. */
    public String description() {
        S3Access access = access();
        return workspace == null
                ? access.description()
                : "folder %s (%s)".formatted(workspace.folder(), access.description());
    }

    /** Whether the store ends with this process. */
    public boolean serves() {
        return workspace != null && workspace.served();
    }

    /**
     * Where the logs of jobs are: beside the workspace's lock, which is no bucket; or where the system has such files.
     */
    public Path logs() {
        access();
        return workspace == null
                ? Path.of(System.getProperty("java.io.tmpdir"), "sclera-jobs")
                : workspace.folder().resolve(".sclera").resolve("jobs").toAbsolutePath();
    }

    @PreDestroy
    void close() {
        if (objects != null) {
            objects.close();
        }
        if (workspace != null) {
            workspace.close();
        }
    }
}
