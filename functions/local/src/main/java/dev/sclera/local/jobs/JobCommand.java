package dev.sclera.local.jobs;

import dev.sclera.job.JobProgram;
import dev.sclera.problem.StorageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command that starts the job program on the libraries that this process itself runs on. */
final class JobCommand {

    private static final String PACKAGED = "quarkus-run.jar";

    /** Swallows log lines until an application configures it, and the job program is none. */
    private static final String FRAMEWORK = "io.quarkus.quarkus-bootstrap-runner";

    private JobCommand() {}

    static List<String> of(String id) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(System.getProperty("java.class.path")),
                JobProgram.class.getName(),
                id);
    }

    /** As it is where classes are started from; where the packaged application is, the libraries beside it. */
    static String classPath(String own) {
        Path jar = Path.of(own.contains(File.pathSeparator) ? "" : own).toAbsolutePath();
        if (!jar.endsWith(PACKAGED)) {
            return own;
        }
        Path libraries = jar.resolveSibling("lib");
        List<String> entries = new ArrayList<>(List.of(libraries.resolve("main") + File.separator + "*"));
        try (Stream<Path> boot = Files.list(libraries.resolve("boot"))) {
            boot.filter(file -> !file.getFileName().toString().startsWith(FRAMEWORK))
                    .map(Path::toString)
                    .sorted()
                    .forEach(entries::add);
        } catch (IOException e) {
            throw new StorageException(
                    "The libraries beside \"%s\" cannot be read: %s. Build Sclera again.".formatted(jar, e), e);
        }
        return String.join(File.pathSeparator, entries);
    }
}
