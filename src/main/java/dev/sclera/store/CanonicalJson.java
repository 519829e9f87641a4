package dev.sclera.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.erdtman.jcs.JsonCanonicalizer;

/** JSON in the one canonical form of RFC 8785, so that equal values have equal digests. */
final class CanonicalJson {

    private CanonicalJson() {}

    /**
     * The canonical JSON of a value, UTF-8.
     *
     * @throws IllegalArgumentException where it holds a number that JSON has no form for
     */
    static byte[] bytes(Object value) {
        return canonical(JsonFormat.line(value)).getBytes(StandardCharsets.UTF_8);
    }

    /** The canonical form of a JSON text. */
    static String canonical(String json) {
        try {
            return new JsonCanonicalizer(json).getEncodedString();
        } catch (IOException e) {
            throw new IllegalArgumentException("no canonical JSON: " + e.getMessage(), e);
        }
    }
}
