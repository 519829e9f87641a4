package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An object as it is now.
 *
 * @param size its bytes
 * @param etag its entity tag, without quotes: another one where its content is another
 * @param sha256 the digest of its content, as its writer promised it; null where it did not
 */
public record ObjectState(long size, String etag, @Nullable String sha256) {

    public ObjectState {
        etag = requireNonNull(etag, "etag is null").replace("\"", "");
    }

    /** An object of which no digest is promised. */
    public ObjectState(long size, String etag) {
        this(size, etag, null);
    }
}
