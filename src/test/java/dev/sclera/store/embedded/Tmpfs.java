package dev.sclera.store.embedded;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small disk of its own, where the system lets tests have one; else the test is skipped. */
public record Tmpfs(Path folder) implements AutoCloseable {

    /** Mounts one on an empty folder; {@code size} is that of {@code mount -o size=}, for example {@code 4m}. */
    public static Tmpfs mount(Path folder, String size) throws IOException, InterruptedException {
        boolean mounted;
        try {
            mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        } catch (IOException e) {
            mounted = false;
        }
        assumeTrue(mounted, "only a superuser who may mount can fill a disk for a test");
        return new Tmpfs(folder);
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
