package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An object as it is now.
 *
 * @param size its bytes
 * @param etag its entity tag, without quotes: on S3 another one where its content is another; other servers may have
 *     none
 * @param modified when it was written
 */
public record ObjectState(long size, String etag, Instant modified) {

    public ObjectState {
        etag = requireNonNull(etag, "etag is null").replace("\"", "");
        requireNonNull(modified, "modified is null");
    }
}
