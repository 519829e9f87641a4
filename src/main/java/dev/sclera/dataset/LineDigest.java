package dev.sclera.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of many short lines that never stand in memory together, each a JSON array, so that none is ambiguous.
 */
final class LineDigest {

    private final ObjectMapper json = new ObjectMapper();
    private final MessageDigest sha256;

    LineDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    void add(Object... values) {
        try {
            sha256.update((json.writeValueAsString(values) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    String hexadecimal() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
