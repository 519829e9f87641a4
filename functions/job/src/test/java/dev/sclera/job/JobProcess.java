package dev.sclera.job;

import dev.sclera.store.S3Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The job program as a process of its own, as a queue starts it. */
record JobProcess(Process process, Path log) {

    /** Starts the job on a store. */
    static JobProcess start(S3Access access, Path log, String... arguments) throws IOException {
        return start(access, Map.of(), log, arguments);
    }

    static JobProcess start(S3Access access, Map<String, String> further, Path log, String... arguments)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "SCLERA_STORE_BUCKET", access.bucket(),
                "SCLERA_STORE_ENDPOINT",
                        Objects.requireNonNull(access.endpoint()).toString(),
                "SCLERA_STORE_ACCESS_KEY", Objects.requireNonNull(access.accessKey()),
                "SCLERA_STORE_SECRET_KEY", Objects.requireNonNull(access.secretKey())));
        environment.putAll(further);
        return start(environment, log, arguments);
    }

    static JobProcess start(Map<String, String> environment, Path log, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JobProgram.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("SCLERA_"));
        builder.environment().putAll(environment);
        return new JobProcess(builder.start(), log);
    }

    /** Waits for its end, and gives its exit code. */
    int code() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the job does not end: " + said());
        }
        return process.exitValue();
    }

    /** What it logged. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
