package dev.sclera.infra;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The YAML files below {@code infra/}. */
final class Manifests {

    static final Path FOLDER = Project.root().resolve("infra/kubernetes");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new Strict());

    /** The model keeps what it does not know, for the clusters that do. */
    private static final class Strict extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private Manifests() {}

    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of one file. */
    static List<JsonNode> read(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> of(String text) throws IOException {
        try (YAMLParser parser = ((YAMLFactory) YAML.getFactory()).createParser(text)) {
            return YAML.readValues(parser, JsonNode.class).readAll();
        }
    }

    static List<JsonNode> all() {
        return files().stream().flatMap(file -> read(file).stream()).toList();
    }

    static Set<String> data(String file, String field) {
        Set<String> names = new TreeSet<>();
        read(FOLDER.resolve(file)).get(0).path(field).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A document as Kubernetes' own model has it; a field that there is not is an error. */
    static <T> T as(JsonNode document, Class<T> type) throws IOException {
        return YAML.treeToValue(document, type);
    }
}
