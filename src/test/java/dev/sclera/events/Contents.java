package dev.sclera.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The digests of a store's objects, by key. What tells when and how fast something was made is left out of records, for
 * that differs from run to run: provenance, seconds, and times; so is what only coordinates steps.
 */
final class Contents {

    private static final Pattern COORDINATES =
            Pattern.compile("campaigns/[^/]+/(spec\\.json|plan\\.json|(steps|told|failures|leases)/.*)");

    /** They hold measured seconds within text. */
    private static final Pattern MEASURED =
            Pattern.compile("reports/.*/(report\\.html|perturbations\\.csv)|finetunes/.*/(status|log)\\..*");

    private static final List<String> TIMES = List.of("provenance", "seconds", "submitted", "updated", "started");

    private Contents() {}

    static Map<String, String> digests(Map<String, byte[]> contents) {
        return contents.entrySet().stream()
                .filter(entry -> !COORDINATES.matcher(entry.getKey()).matches())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> digest(entry.getKey(), entry.getValue()),
                        (a, b) -> a,
                        TreeMap::new));
    }

    private static String digest(String key, byte[] body) {
        if (MEASURED.matcher(key).matches()) {
            return "measured";
        }
        if (!key.endsWith(".json")) {
            return Sha256.of(body);
        }
        JsonNode json = JsonFormat.read(body, JsonNode.class);
        strip(json);
        return Sha256.of(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void strip(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove(TIMES);
        }
        json.forEach(Contents::strip);
    }
}
