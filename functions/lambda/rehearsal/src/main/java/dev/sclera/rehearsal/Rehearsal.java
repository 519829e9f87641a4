package dev.sclera.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line: how long functions take to start, and the archive of classes that makes it less. */
@Command(
        name = "rehearsal",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Start a function as Lambda does, by Lambda's own runtime client, and tell how long it takes from the start of"
                    + " the process to its first answer.",
            "",
            "S3 is a real endpoint in this process, with synthetic photographs and a grader that nobody trained."
        })
public final class Rehearsal implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--task",
            required = true,
            description = "The artifact: function.zip, unzipped; or a folder of jars.")
    private Path task;

    @Option(names = "--runtime", required = true, description = "The folder of the runtime client's jars.")
    private Path runtime;

    @Option(
            names = "--java",
            description = "The virtual machine; the one this runs on by default. An archive fits no other.")
    private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    @Option(names = "--function", required = true, split = ",", description = "Its name, or several.")
    private List<String> functions;

    @Option(names = "--runs", description = "How often to start each; the median is what counts. Default: 5.")
    private int runs = 5;

    @Option(
            names = "--record",
            description =
                    "Archive the classes that these functions load in this file; beside it, FILE.arguments is what java"
                            + " then is to be started with.")
    private @Nullable Path record;

    @Option(names = "--archive", description = "Start with the classes that were recorded in this file, or fail.")
    private @Nullable Path archive;

    @Option(
            names = "--snap-start",
            description = "Measure from where Lambda's SnapStart goes on; what Lambda takes to get there is not in it.")
    private boolean snapStart;

    @Option(names = "--log", description = "Print what the processes print.")
    private boolean log;

    @Parameters(description = "Options of the virtual machine, after --.")
    private List<String> options = new ArrayList<>();

    public static void main(String... arguments) {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        Logger.getLogger("").setLevel(Level.WARNING);
        System.exit(new CommandLine(new Rehearsal()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("rehearsal");
        try (Scene scene = Scene.open(folder.resolve("workspace"))) {
            if (record != null) {
                record(scene, folder, record);
            } else {
                for (String function : functions) {
                    measure(scene, folder, function);
                }
            }
        }
        return 0;
    }

    private void measure(Scene scene, Path folder, String function) throws IOException, InterruptedException {
        List<Double> first = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        List<Double> next = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            // Lambda's disk is empty too
            Start.Measured measured = start(scene, Files.createTempDirectory(folder, "tmp"), archived())
                    .run(function, scene.request(function), scene.request(function));
            first.add(measured.milliseconds());
            processor.add(measured.processor());
            next.add(measured.next());
            if (log) {
                print(measured.log() + measured.answer());
            }
        }
        print(String.format(
                Locale.ROOT,
                "%-9s %s to first answer %6.0f ms, %6.0f ms of processors since the start, second answer %5.0f ms (medians of %d; first answers %s ms)",
                function,
                snapStart ? "snapshot" : "start",
                median(first),
                median(processor),
                median(next),
                runs,
                first.stream()
                        .map(time -> String.format(Locale.ROOT, "%.0f", time))
                        .toList()));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private List<String> archived() {
        List<String> all = new ArrayList<>(options);
        if (archive != null) {
            // by itself the machine ignores an archive that does not fit, in silence
            all.add("-Xshare:on");
            all.add("-XX:SharedArchiveFile=" + archive.toAbsolutePath());
        }
        return all;
    }

    /**
     * All functions of one artifact share one archive: its classes are recorded as a list per function, and archived
     * together.
     */
    private void record(Scene scene, Path folder, Path archive) throws IOException, InterruptedException {
        ClassList classes = new ClassList(folder);
        for (String function : functions) {
            List<String> listing = new ArrayList<>(options);
            listing.add("-Xshare:off");
            listing.add("-XX:DumpLoadedClassList=" + classes.of(function));
            start(scene, Files.createTempDirectory(folder, "tmp"), listing)
                    .run(function, scene.request(function), scene.request(function));
        }
        Path absolute = archive.toAbsolutePath();
        start(scene, folder, options).archive(classes.all(functions), absolute);
        List<String> archived = new ArrayList<>(options);
        archived.add("-XX:SharedArchiveFile=" + absolute);
        start(scene, folder, archived).write(Path.of(absolute + ".arguments"));
        print("%s: %d bytes".formatted(archive, Files.size(archive)));
    }

    private Start start(Scene scene, Path temporary, List<String> virtualMachine) {
        Map<String, String> environment = new HashMap<>(scene.environment());
        environment.put("SCLERA_CACHE_FOLDER", temporary.resolve("cache").toString());
        if (snapStart) {
            environment.put(Start.INITIALIZATION, "snap-start");
        }
        return new Start(java, task.toAbsolutePath(), runtime.toAbsolutePath(), virtualMachine, environment);
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
