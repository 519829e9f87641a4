package dev.sclera.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to Lambda, as it is packaged: how large it is, what is in it, and that it runs by Lambda's own client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArtifactsIT {

    private static final Path LAMBDA = Path.of("..").toAbsolutePath().normalize();
    private static final Path RUNTIME = Path.of("target", "runtime").toAbsolutePath();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static final long MEGABYTE = 1L << 20;

    private Path folder;
    private Scene scene;

    @BeforeAll
    void open(@TempDir Path temporary) {
        folder = temporary;
        scene = Scene.open(temporary.resolve("workspace"));
    }

    @AfterAll
    void close() {
        scene.close();
    }

    /** Lambda's limits: 250 MB unzipped, and 50 MB zipped where it is uploaded as it is. */
    @ParameterizedTest
    @CsvSource({"models, 50, 250", "report, 30, 250"})
    void fitsLambda(String artifact, int zipped, int unzipped) throws IOException {
        long bytes = Files.size(zip(artifact));
        long whole = 0;
        try (ZipFile file = new ZipFile(zip(artifact).toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                whole += entries.nextElement().getSize();
            }
        }
        System.out.printf("%s: function.zip %d kB, unzipped %d kB%n", artifact, bytes >> 10, whole >> 10);
        assertThat(bytes).isLessThan(zipped * MEGABYTE);
        assertThat(whole).isLessThan(unzipped * MEGABYTE);
    }

    @Test
    void theArtifactOfAllFunctionsHoldsOnnxRuntimeOfOneArchitectureAndNoDebugSymbols() throws IOException {
        Set<String> platforms = new TreeSet<>();
        for (String name : inner("models", "onnxruntime-")) {
            if (name.startsWith("ai/onnxruntime/native/") && !name.endsWith("/")) {
                platforms.add(name.split("/")[3]);
            }
        }
        assertThat(platforms)
                .hasSize(1)
                .allSatisfy(platform -> assertThat(platform).startsWith("linux-"));
    }

    @Test
    void theArtifactOfReportHoldsNone() throws IOException {
        assertThat(jars("report")).isNotEmpty().noneMatch(jar -> jar.matches(".*(onnxruntime|djl|jna|fabric8).*"));
    }

    @ParameterizedTest
    @CsvSource({"models", "report"})
    void noHttpClientIsThereThatNobodyUses(String artifact) throws IOException {
        assertThat(jars(artifact))
                .anyMatch(jar -> jar.contains("url-connection-client"))
                .noneMatch(jar -> jar.matches(".*(netty|apache-client|httpclient|kubernetes|vertx).*"));
    }

    @ParameterizedTest
    @CsvSource({"models, grade, grade", "report, report, page"})
    void answersByLambdasOwnClient(String artifact, String function, String field) throws Exception {
        assumeTrue(fits(artifact), "the artifact is for another architecture than this machine");
        Start.Measured measured =
                start(unzipped(artifact), List.of()).run(function, scene.request(function), scene.request(function));
        System.out.printf("%s: %.0f ms from the start to the first answer%n", function, measured.milliseconds());
        assertThat(measured.answer()).contains("\"" + field + "\":");
    }

    @Test
    void aSnapshotHoldsOnnxRuntime() throws Exception {
        assumeTrue(fits("models"), "the artifact is for another architecture than this machine");
        Map<String, String> snapped = Map.of(Start.INITIALIZATION, "snap-start");
        String loading = "ai.onnxruntime.OrtEnvironment source:";
        for (Map<String, String> environment : List.of(snapped, Map.<String, String>of())) {
            Start.Measured measured = start(unzipped("models"), List.of("-Xlog:class+load=info"), environment)
                    .run("grade", scene.request("grade"), scene.request("grade"));
            List<String> classes = measured.log()
                    .lines()
                    .filter(line -> line.contains(loading)
                            || line.contains("dev.sclera.functions.lambda.Invocation$Direct source:"))
                    .toList();
            assertThat(classes).hasSize(2);
            // what the first request brings
            assertThat(classes.get(environment.isEmpty() ? 1 : 0)).contains(loading);
        }
    }

    @Test
    void whatIsNotInAnArtifactIsSaid() throws Exception {
        assertThatThrownBy(() -> start(unzipped("report"), List.of()).run("grade", "{}", "{}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("quarkus.funqy.export");
    }

    /** A machine that cannot use an archive ignores it in silence, unless it is told to insist. */
    @Test
    void classesComeFromTheArchiveThatWasRecorded() throws Exception {
        Path task = Files.createDirectories(folder.resolve("image"));
        copy(LAMBDA.resolve("report/target"), task, "-runner.jar");
        copy(LAMBDA.resolve("report/target/lib"), Files.createDirectories(task.resolve("lib")), ".jar");
        Path classes = folder.resolve("report.classes");
        String request = scene.request("report");
        start(task, List.of("-Xshare:off", "-XX:DumpLoadedClassList=" + classes))
                .run("report", request, request);
        Path archive = folder.resolve("report.jsa");
        start(task, List.of()).archive(classes, archive);
        Start.Measured measured = start(
                        task, List.of("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load=info"))
                .run("report", request, request);
        assertThat(measured.log().lines())
                .anyMatch(
                        line -> line.contains("dev.sclera.functions.lambda.LambdaHandler source: shared objects file"))
                .anyMatch(line -> line.contains("io.quarkus.runner.ApplicationImpl source: shared objects file"));
    }

    private Start start(Path task, List<String> options) throws IOException {
        return start(task, options, Map.of());
    }

    private Start start(Path task, List<String> options, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(scene.environment());
        environment.putAll(more);
        environment.put(
                "SCLERA_CACHE_FOLDER",
                Files.createTempDirectory(folder, "cache").toString());
        return new Start(JAVA, task, RUNTIME, options, environment);
    }

    private static Path zip(String artifact) {
        return LAMBDA.resolve(artifact).resolve("target").resolve("function.zip");
    }

    private static boolean fits(String artifact) throws IOException {
        String wanted = System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x64";
        return artifact.equals("report")
                || inner(artifact, "onnxruntime-").stream().anyMatch(name -> name.contains(wanted));
    }

    private static List<String> jars(String artifact) throws IOException {
        try (ZipFile file = new ZipFile(zip(artifact).toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
    }

    /** The entries of the jar that has this in its name. */
    private static List<String> inner(String artifact, String name) throws IOException {
        List<String> entries = new ArrayList<>();
        try (ZipFile file = new ZipFile(zip(artifact).toFile())) {
            ZipEntry jar = file.stream()
                    .filter(entry ->
                            entry.getName().contains(name) && !entry.getName().contains("engine"))
                    .findFirst()
                    .orElseThrow();
            try (ZipInputStream in = new ZipInputStream(file.getInputStream(jar))) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    entries.add(entry.getName());
                }
            }
        }
        return entries;
    }

    private Path unzipped(String artifact) throws IOException {
        Path task = folder.resolve("task-" + artifact);
        if (!Files.exists(task)) {
            try (ZipFile file = new ZipFile(zip(artifact).toFile())) {
                for (ZipEntry entry : file.stream().toList()) {
                    Path target = task.resolve(entry.getName());
                    if (entry.isDirectory()) {
                        Files.createDirectories(target);
                    } else {
                        Files.createDirectories(target.getParent());
                        try (InputStream in = file.getInputStream(entry)) {
                            Files.copy(in, target);
                        }
                    }
                }
            }
        }
        return task;
    }

    private static void copy(Path from, Path to, String ending) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            files.filter(file -> file.toString().endsWith(ending)).forEach(file -> {
                try {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
