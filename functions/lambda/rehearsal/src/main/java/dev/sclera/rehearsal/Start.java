package dev.sclera.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of a function, started as Lambda's base images start it: the runtime client, and the artifact's jars on
 * the class path in the order of their names.
 */
final class Start {

    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

    private static final String HANDLER = "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";

    /** By which Lambda says that it takes a snapshot after the start. */
    static final String INITIALIZATION = "AWS_LAMBDA_INITIALIZATION_TYPE";

    /** Far above what any start takes. */
    private static final Duration TIME = Duration.ofMinutes(2);

    private final Path java;
    private final Path task;
    private final Path runtime;
    private final List<String> options;
    private final Map<String, String> environment;

    /**
     * A way to start.
     *
     * @param java the virtual machine
     * @param task the unzipped artifact; class path and working directory are those of an archive of classes too
     * @param runtime the jars of the runtime client
     * @param options of the virtual machine
     * @param environment the function's
     */
    Start(Path java, Path task, Path runtime, List<String> options, Map<String, String> environment) {
        this.java = java;
        this.task = task;
        this.runtime = runtime;
        this.options = List.copyOf(options);
        this.environment = Map.copyOf(environment);
    }

    /**
     * What was measured.
     *
     * @param milliseconds from the start of the process, or from its snapshot, to the first answer
     * @param processor the time that processors spent on the process until then, in milliseconds
     * @param next from the second invocation to its answer
     * @param answer the first answer
     * @param log what the process printed
     */
    record Measured(double milliseconds, double processor, double next, String answer, String log) {}

    /**
     * Starts the function, invokes it twice, and ends it.
     *
     * @throws IllegalStateException where it fails
     */
    Measured run(String function, String request, String second) throws IOException, InterruptedException {
        Path log = Files.createTempFile("rehearsal", ".log");
        try (RuntimeApi api = RuntimeApi.start()) {
            ProcessBuilder builder = new ProcessBuilder(command())
                    .directory(task.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("QUARKUS_FUNQY_EXPORT", function);
            builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
            builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", function);
            builder.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "2048");
            builder.environment().put("LAMBDA_TASK_ROOT", task.toString());
            long started = System.nanoTime();
            Process process = builder.start();
            try {
                if (snapped()) {
                    if (!api.awaitSnapshot(TIME)) {
                        throw new IllegalStateException("The function did not start: " + Files.readString(log));
                    }
                    started = System.nanoTime();
                    api.restore();
                }
                RuntimeApi.Answer first = required(api.invoke("first", request, TIME), log);
                Duration processor =
                        process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
                long again = System.nanoTime();
                RuntimeApi.Answer next = required(api.invoke("second", second, TIME), log);
                return new Measured(
                        (first.nanoTime() - started) / 1e6,
                        processor.toMillis(),
                        (next.nanoTime() - again) / 1e6,
                        first.body(),
                        Files.readString(log));
            } finally {
                end(process);
            }
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /**
     * Archives classes, for machines of the same build and with the same class path.
     *
     * @throws IllegalStateException where the virtual machine refuses
     */
    void archive(Path classes, Path archive) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + classes,
                "-XX:SharedArchiveFile=" + archive));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath()));
        Path log = Files.createTempFile("rehearsal", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(task.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor() != 0 || !Files.exists(archive)) {
                throw new IllegalStateException("No archive was made: " + Files.readString(log));
            }
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private boolean snapped() {
        return "snap-start".equals(environment.get(INITIALIZATION));
    }

    private static RuntimeApi.Answer required(RuntimeApi.@Nullable Answer answer, Path log) throws IOException {
        if (answer == null || answer.failed()) {
            throw new IllegalStateException("The function failed: %s%n%s"
                    .formatted(answer == null ? "no answer" : answer.body(), Files.readString(log)));
        }
        return answer;
    }

    /** By a signal, at which a machine that records writes its archive. */
    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), CLIENT, HANDLER));
        return command;
    }

    /** Everything that follows {@code java}, as a file of arguments that it reads by {@code @}. */
    void write(Path arguments) throws IOException {
        Files.write(arguments, command().subList(1, command().size()));
    }

    /** Named one by one, relative to the task: an archive fits only where the class path is the same to the letter. */
    private String classPath() throws IOException {
        List<String> entries = new ArrayList<>();
        // the artifact's own classes: in a jar where they lie in an image, unzipped on Lambda
        List<String> own = jars(task);
        entries.addAll(own.isEmpty() ? List.of(".") : own);
        jars(task.resolve("lib")).forEach(jar -> entries.add("lib/" + jar));
        jars(runtime).forEach(jar -> entries.add(runtime.resolve(jar).toString()));
        return String.join(":", entries);
    }

    private static List<String> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
