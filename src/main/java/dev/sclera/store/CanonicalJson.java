package dev.sclera.store;

/** JSON in the one canonical form of RFC 8785, so that equal values have equal digests. */
final class CanonicalJson {

    private CanonicalJson() {}

    /** The canonical JSON of a value, UTF-8. */
    static byte[] bytes(Object value) {
        throw new UnsupportedOperationException();
    }
}
