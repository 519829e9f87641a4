package dev.sclera.local;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** A workspace in which uploads start campaigns, as {@code sclera serve --on-upload} has it. */
public class ListeningWorkspace implements QuarkusTestProfile {

    static final String TEMPLATE =
            "{'dataset': 'eyes', 'attacks': ['pgd', 'ordinal', 'random'], 'epsilon': '8/255', 'budget': 16, 'repair': {'optimisation': {'epochs': 1}, 'adaptive': ['pgd']}}"
                    .replace('\'', '"');

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            return Map.of(
                    "sclera.local.workspace",
                            Files.createTempDirectory("sclera").toString(),
                    "sclera.local.events.listen", "true",
                    "sclera.local.events.pause", "PT0.01S",
                    "sclera.campaign.repairs", "jobs",
                    "sclera.upload.quiet", "PT0.3S",
                    "sclera.upload.template", TEMPLATE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
