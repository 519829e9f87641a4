package dev.sclera.store;

import java.time.Instant;
import java.util.Map;

/**
 * How an artifact came to be; says nothing that determines it (that is its {@link Recipe}).
 *
 * @param software the versions of the software that made it, for example {@code sclera}, {@code onnxruntime},
 *     {@code java}
 * @param created when it was made, UTC
 * @param seconds how long it took, in seconds
 */
public record Provenance(Map<String, String> software, Instant created, double seconds) {

    public Provenance {
        software = Map.copyOf(software);
    }
}
