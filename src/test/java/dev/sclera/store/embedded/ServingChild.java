package dev.sclera.store.embedded;

import dev.sclera.store.S3ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that serves a workspace and writes to it until it is killed. */
final class ServingChild {

    static final int SIZE = 3_000_000;

    private ServingChild() {}

    public static void main(String[] arguments) {
        try (Workspace workspace = Workspace.open(Path.of(arguments[0]), 0);
                S3ObjectStore objects = workspace.objects()) {
            objects.put("from/child", "kept".getBytes(StandardCharsets.UTF_8), "text/plain");
            objects.put("stream/first.bin", new byte[SIZE], "application/octet-stream");
            System.out.println("serving " + workspace.served());
            for (int i = 0; i < 500; i++) {
                objects.put("stream/" + i + ".bin", new byte[SIZE], "application/octet-stream");
            }
        }
    }
}
