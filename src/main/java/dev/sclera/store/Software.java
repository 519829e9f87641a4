package dev.sclera.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The versions of the software that makes artifacts. */
public final class Software {

    private static final String RESOURCE = "/META-INF/sclera/versions.properties";

    private Software() {}

    /** Versions by name: Sclera's own, those of the libraries whose figures it relies on, and Java's. */
    public static Map<String, String> versions() {
        Properties properties = new Properties();
        try (InputStream resource = Software.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the resource " + RESOURCE + " is missing from the build");
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + RESOURCE + " cannot be read", e);
        }
        Map<String, String> versions = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> versions.put(name, properties.getProperty(name)));
        versions.put("java", Runtime.version().toString());
        return versions;
    }

    /** The provenance of what is made now. */
    public static Provenance provenance(Instant created, Duration took) {
        return new Provenance(versions(), created, took.toMillis() / 1000.0);
    }
}
