package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That an object was written: the one form of all notifications of it, whoever sent them.
 *
 * @param bucket the bucket; null where the notification does not say it
 * @param key the object's key, as it is, not URL-encoded
 * @param size its bytes; null where the notification does not say it
 * @param etag its entity tag, without quotes; null where the notification does not say it
 * @param time when it was written; null where the notification does not say it
 */
public record ObjectCreated(
        @Nullable String bucket,
        String key,
        @Nullable Long size,
        @Nullable String etag,
        @Nullable Instant time) {

    public ObjectCreated {
        requireNonNull(key, "key is null");
        etag = etag == null ? null : etag.replace("\"", "");
    }

    /** Told of every object that a store which is served here has been given. */
    @FunctionalInterface
    public interface Listener {

        /** Called by the thread that answers the writer: to return soon, and to throw nothing. */
        void created(ObjectCreated object);
    }
}
