package dev.sclera.local;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;

/** An application with a workspace of its own, and settings of its own where a test wants some. */
public class FreshWorkspace implements QuarkusTestProfile {

    private final Map<String, String> settings;

    public FreshWorkspace() {
        this(Map.of());
    }

    protected FreshWorkspace(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> all = new TreeMap<>(settings);
        try {
            all.put(
                    "sclera.local.workspace",
                    Files.createTempDirectory("sclera").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
