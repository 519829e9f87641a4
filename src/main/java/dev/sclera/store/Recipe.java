package dev.sclera.store;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that determines an artifact. The same recipe has the same id, hence the same key, and makes the same artifact.
 *
 * @param kind what is made, with the version of the procedure that makes it, for example {@code perturbation/1}
 * @param parameters the procedure's parameters, the seed included: strings, numbers, booleans, and lists and maps of
 *     them
 * @param inputs by role, the ids of the artifacts it is made from: digests of content, never names or times
 */
public record Recipe(String kind, Map<String, Object> parameters, Map<String, String> inputs) {

    /** The largest whole number up to which JSON holds every one exactly, 2⁵³ − 1. */
    public static final long LARGEST_WHOLE = (1L << 53) - 1;

    public Recipe {
        requireNonNull(kind, "kind is null");
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
        parameters.forEach(Recipe::requireExact);
    }

    /** JSON's numbers are doubles: two seeds that are one double would be one id. */
    private static void requireExact(String name, Object value) {
        boolean whole = !(value instanceof Long number) || Math.abs((double) number) <= LARGEST_WHOLE;
        boolean finite = !(value instanceof Double number) || Double.isFinite(number);
        if (!whole || !finite) {
            throw new IllegalArgumentException("canonical JSON has no exact form of " + name + " = " + value);
        }
    }

    /** The SHA-256 of the recipe's canonical JSON (RFC 8785), as 64 lower-case hexadecimal digits. */
    public String id() {
        return Sha256.of(CanonicalJson.bytes(this));
    }
}
