package dev.sclera.lambda;

import dev.sclera.campaign.Laboratory;
import dev.sclera.store.S3Access;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A real S3 endpoint that holds two tiny graders, {@code eyes-train} and {@code eyes-test}. */
public class FurnishedStore implements QuarkusTestResourceLifecycleManager {

    /** The property that has the workspace's folder; another {@link Laboratory} on it is of the same endpoint. */
    public static final String WORKSPACE = "test.workspace";

    private Laboratory laboratory;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("sclera");
            laboratory = new Laboratory(folder.resolve("workspace")).furnished(folder.resolve("sources"));
            S3Access access = laboratory.workspace.access();
            return Map.of(
                    WORKSPACE,
                    folder.resolve("workspace").toString(),
                    "sclera.store.endpoint",
                    access.endpoint().toString(),
                    "sclera.store.bucket",
                    access.bucket(),
                    "sclera.store.access-key",
                    access.accessKey(),
                    "sclera.store.secret-key",
                    access.secretKey(),
                    "sclera.cache.folder",
                    folder.resolve("cache").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (laboratory != null) {
            laboratory.close();
        }
    }
}
