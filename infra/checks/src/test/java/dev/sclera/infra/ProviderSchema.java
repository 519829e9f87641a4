package dev.sclera.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The arguments of the resource types that are used, as version 6.25.0 of the provider has them. Made from the type
 * declarations of the npm package {@code @cdktf/provider-aws} 21.22.1, which are generated from that provider's schema.
 */
final class ProviderSchema {

    private static final Set<String> META_ARGUMENTS = Set.of("count", "for_each", "depends_on", "provider");
    private static final Set<String> META_BLOCKS = Set.of("lifecycle", "provisioner", "connection");

    private final JsonNode schema;

    private ProviderSchema(JsonNode schema) {
        this.schema = schema;
    }

    static ProviderSchema load() {
        try (InputStream in =
                Objects.requireNonNull(ProviderSchema.class.getResourceAsStream("/aws-schema.json"), "schema")) {
            return new ProviderSchema(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String version() {
        return schema.get("version").asText();
    }

    /** What is wrong with a resource or data source. */
    List<String> findings(HclBlock block) {
        JsonNode type = schema.get("types").get(block.kind());
        if (type == null) {
            return List.of("%s: the schema has no %s; add it".formatted(block.place(), block.kind()));
        }
        List<String> found = new ArrayList<>();
        check(block, type, block.kind(), true, found);
        return found;
    }

    /** Whether a thing of this kind has an attribute that others may read. */
    boolean has(String kind, String attribute) {
        JsonNode type = schema.get("types").path(kind);
        return Stream.of("exported", "required", "optional").anyMatch(list -> lists(type, list, attribute))
                || type.path("blocks").has(attribute)
                || attribute.equals("id");
    }

    private static boolean lists(JsonNode type, String list, String name) {
        for (JsonNode entry : type.path(list)) {
            if (entry.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static void check(HclBlock block, JsonNode type, String path, boolean top, List<String> found) {
        for (JsonNode required : type.path("required")) {
            if (!block.attributes().containsKey(required.asText())) {
                found.add("%s: %s lacks %s".formatted(block.place(), path, required.asText()));
            }
        }
        for (String name : block.attributes().keySet()) {
            boolean known = lists(type, "required", name)
                    || lists(type, "optional", name)
                    || top && META_ARGUMENTS.contains(name);
            if (!known) {
                found.add("%s: %s has no argument %s".formatted(block.place(), path, name));
            }
        }
        JsonNode blocks = type.path("blocks");
        for (HclBlock inner : block.blocks()) {
            String name = inner.type().equals("dynamic") ? inner.label(0) : inner.type();
            if (!blocks.has(name) && !(top && META_BLOCKS.contains(name))) {
                found.add("%s: %s has no block %s".formatted(inner.place(), path, name));
            }
        }
        blocks.fieldNames().forEachRemaining(name -> {
            List<HclBlock> written = block.within(name);
            boolean dynamic = block.blocks().stream()
                    .anyMatch(inner ->
                            inner.type().equals("dynamic") && inner.label(0).equals(name));
            if (written.isEmpty() && !dynamic && blocks.get(name).has("min")) {
                found.add("%s: %s lacks a block %s".formatted(block.place(), path, name));
            }
            written.forEach(inner -> check(inner, blocks.get(name), path + "." + name, false, found));
        });
    }
}
