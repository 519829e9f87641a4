package dev.sclera.store;

import static java.util.Objects.requireNonNull;

/**
 * An object as it is now.
 *
 * @param size its bytes
 * @param etag its entity tag, without quotes: another one where its content is another
 */
public record ObjectState(long size, String etag) {

    public ObjectState {
        etag = requireNonNull(etag, "etag is null").replace("\"", "");
    }
}
