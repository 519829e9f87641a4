package dev.sclera.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.events.DeadLetter;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line as it is packaged, in a process of its own. */
class CommandLineIT {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    @TempDir
    Path folder;

    @Test
    void aRunEndsWithATableAndAReportAndTheSameRunAgainChangesNothing() throws Exception {
        List<String> run = run("8/255", "pgd,random");
        Ended first = sclera(run);
        assertThat(first.code).as(first.err).isZero();
        assertThat(first.out)
                .contains("one", "two", "clean", "(control)", "(white-box)", "(transfer)")
                .containsPattern("report +.*report\\.html");
        Map<String, String> before = store();
        Ended again = sclera(run);
        assertThat(again.out).isEqualTo(first.out);
        assertThat(again.err).doesNotContain("crafting", "grading");
        assertThat(store()).isEqualTo(before);
        Ended status = sclera(List.of("status"));
        assertThat(status.out.lines().skip(1))
                .as(status.err)
                .singleElement()
                .asString()
                .contains("finished");
        String campaign = status.out.lines().skip(1).findFirst().orElseThrow().split(" +")[0];
        assertThat(sclera(List.of("status", campaign)).out)
                .containsPattern("campaign +" + campaign)
                .containsPattern("models +one, two")
                .containsPattern("report +.*report\\.html");
        assertThat(sclera(List.of("status", "abc")).code).isEqualTo(2);
    }

    @Test
    void jsonIsAllThatProgramsGet() throws Exception {
        Path eyes = MadeUpEyes.photographs(folder.resolve("eyes"), 10, 1);
        Ended imported = sclera(List.of("import", eyes.toString(), "--name", "eyes", "--json"));
        assertThat(imported.code).isZero();
        assertThat(imported.out).startsWith("{").contains("\"name\" : \"eyes\"").endsWith("}\n");
    }

    @Test
    void aPerturbationGoesOutAndComesBack() throws Exception {
        Path eyes = MadeUpEyes.photographs(folder.resolve("eyes"), 10, 1);
        assertThat(sclera(List.of("import", eyes.toString(), "--name", "eyes")).code)
                .isZero();
        Ended crafted = sclera(List.of("craft", "--attack", "random", "--dataset", "eyes", "--epsilon", "8/255"));
        assertThat(crafted.code).as(crafted.err).isZero();
        String id = crafted.out.lines().findFirst().orElseThrow().split(" +")[1];
        String file = folder.resolve("delta.png").toString();
        assertThat(sclera(List.of("perturbation", "export", id.substring(0, 8), file)).code)
                .isZero();
        Ended imported = sclera(
                List.of("perturbation", "import", file, "--name", "theirs", "--norm", "linf", "--epsilon", "8/255"));
        assertThat(imported.code).as(imported.err).isZero();
        assertThat(imported.out).contains("theirs", "imported", "linf 8/255");
        String copy = imported.out.lines().findFirst().orElseThrow().split(" +")[1];
        assertThat(sclera(List.of("perturbation", "list")).out)
                .contains(id.substring(0, 12), copy.substring(0, 12), "fooling rate");
        assertThat(sclera(List.of("perturbation", "show", copy)).out).contains("energy below 1/4");
        assertThat(sclera(List.of("perturb", "--dataset", "eyes", "--perturbation", copy)).code)
                .isZero();
        Path models = folder.resolve("models");
        assertThat(sclera(List.of(
                                "model",
                                "import",
                                MadeUpEyes.grader(models, "one", 1).toString()))
                        .code)
                .isZero();
        List<String> of = List.of("--model", "one", "--dataset", "eyes");
        assertThat(sclera(Stream.concat(Stream.of("evaluate"), of.stream()).toList()).code)
                .isZero();
        assertThat(sclera(Stream.of(List.of("evaluate"), of, List.of("--perturbation", copy))
                                .flatMap(List::stream)
                                .toList())
                        .code)
                .isZero();
        Ended report = sclera(List.of("report", "--dataset", "eyes", "--models", "one", "--perturbations", copy));
        assertThat(report.code).as(report.err).isZero();
        assertThat(report.out).contains("theirs, linf 8/255 (imported)");
        Ended beyond = sclera(List.of("perturbation", "import", file, "--epsilon", "2/255"));
        assertThat(beyond.code).isEqualTo(2);
        assertThat(beyond.err).contains("\"epsilon\"", "Allowed:");
    }

    @Test
    void aGraderIsRepairedHereAndInAProcessOfItsOwn() throws Exception {
        Path eyes = MadeUpEyes.photographs(folder.resolve("eyes"), 40, 1);
        Path grader = MadeUpEyes.grader(folder.resolve("models"), "one", 1);
        assertThat(sclera(List.of("import", eyes.toString(), "--name", "eyes", "--part", "train")).code)
                .isZero();
        assertThat(sclera(List.of("model", "import", grader.toString())).code).isZero();
        Ended crafted = sclera(List.of(
                "craft",
                "--attack",
                "pgd",
                "--model",
                "one",
                "--dataset",
                "eyes",
                "--epsilon",
                "8/255",
                "--passes",
                "1"));
        assertThat(crafted.code).as(crafted.err).isZero();
        String perturbation = crafted.out.lines().findFirst().orElseThrow().split(" +")[1];
        List<String> finetune = List.of(
                "finetune", "--model", "one", "--dataset", "eyes", "--perturbation", perturbation, "--epochs", "2");
        Ended here = sclera(finetune);
        assertThat(here.code).as(here.err).isZero();
        assertThat(here.out).contains("quadratic kappa, attacked", "one-pgd-", "of 2");
        assertThat(here.err).contains("fine-tuning one");
        Ended again = sclera(finetune);
        assertThat(again.out).isEqualTo(here.out);
        assertThat(again.err).doesNotContain("fine-tuning one");
        Ended sent = sclera(
                Stream.concat(finetune.stream(), Stream.of("--seed", "1", "--dispatch", "local", "--name", "sent"))
                        .toList());
        assertThat(sent.code).as(sent.err + sent.out).isZero();
        assertThat(sent.out).contains("succeeded", "sent", ".log");
        assertThat(sclera(List.of("finetune", "list")).out).contains("one-pgd-", "sent", "succeeded  2/2");
        String job = here.out.lines().findFirst().orElseThrow().split(" +")[1].substring(0, 8);
        assertThat(sclera(List.of("finetune", "log", job)).out.lines()).hasSize(4);
        Ended nobody = sclera(List.of("finetune", "--model", "one"));
        assertThat(nobody.code).isEqualTo(2);
        assertThat(nobody.err).contains("\"perturbations\"");
    }

    @Test
    void fromNothingToAGraderOfSyntheticPhotographs() throws Exception {
        Ended drawn = sclera(List.of(
                "synthesize", "--per-grade", "4", "--size", "32", "--split", "0.5,0.25,0.25", "--name", "eyes"));
        assertThat(drawn.code).as(drawn.err).isZero();
        assertThat(drawn.out).contains("synthetic-eyes-train", "[2, 2, 2, 2, 2]", "nobody's eyes");
        List<String> train = List.of(
                "train",
                "--dataset",
                "synthetic-eyes-train",
                "--validation",
                "synthetic-eyes-val",
                "--architecture",
                "mobile-mini",
                "--size",
                "32",
                "--epochs",
                "10",
                "--batch",
                "2",
                "--name",
                "mini");
        Ended trained = sclera(train);
        assertThat(trained.code).as(trained.err).isZero();
        assertThat(trained.out).contains("mini", "quadratic kappa");
        Ended again = sclera(train);
        assertThat(again.out).isEqualTo(trained.out);
        assertThat(again.err).doesNotContain("training mini");
        assertThat(sclera(List.of("grade", "--model", "mini", "--dataset", "synthetic-eyes-test")).code)
                .isZero();
        Path look = folder.resolve("look");
        Ended written = sclera(List.of("synthesize", "--images", "2", "--size", "64", "--folder", look.toString()));
        assertThat(written.code).as(written.err).isZero();
        assertThat(look.resolve("photographs").resolve("labels.csv")).content().startsWith("image,grade");
        Ended unknown = sclera(
                List.of("train", "--dataset", "synthetic-eyes-train", "--architecture", "resnet", "--name", "other"));
        assertThat(unknown.code).isEqualTo(2);
        assertThat(unknown.err).contains("resnet-mini or mobile-mini");
    }

    @Test
    void aDemoGoesFromNothingToAReportAndAgainDoesNothing() throws Exception {
        Ended demo = sclera(List.of("demo", "--quick"));
        assertThat(demo.code).as(demo.err).isZero();
        assertThat(demo.out)
                .contains("synthetic-quick-resnet-mini", "synthetic-quick-mobile-mini")
                .contains("(control)", "(white-box)", "(transfer)", "ensemble of all", "verdict: ")
                .containsPattern("report +.*report\\.html")
                .contains("nobody's eyes", "./sclera run --data");
        // a reason once for each kind of work
        assertThat(demo.err)
                .containsOnlyOnce("data to train and test on")
                .containsOnlyOnce("something to attack")
                .containsOnlyOnce("One faint pattern")
                .containsOnlyOnce("as 8-bit pictures")
                .containsOnlyOnce("the control")
                .containsOnlyOnce("learns to withstand")
                .containsOnlyOnce("confidence intervals");
        Ended again = sclera(List.of("demo", "--quick"));
        assertThat(again.out).isEqualTo(demo.out);
        assertThat(again.err).doesNotContain("drawing", "training", "crafting", "fine-tuning");
    }

    @Test
    void aShellCompletesCommandsAndOptions() throws Exception {
        Ended script = sclera(List.of("completion", "bash"));
        assertThat(script.code).as(script.err).isZero();
        String asked = "COMP_WORDS=(sclera dem); COMP_CWORD=1; _complete_sclera; echo \"${COMPREPLY[*]}\"";
        Process bash = new ProcessBuilder("bash", "-c", script.out + "\n" + asked).start();
        String completed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(completed.strip()).isEqualTo("demo");
        Ended unknown = sclera(List.of("completion", "fish"));
        assertThat(unknown.code).isEqualTo(2);
        assertThat(unknown.err).contains("BASH, ZSH");
    }

    @Test
    void helpAndVersionStartNothing() throws Exception {
        assertThat(sclera(List.of("--help")).out).contains("Commands:", "Exit codes:", "sclera demo");
        assertThat(sclera(List.of("craft", "--help")).out).contains("--epsilon", "Example");
        assertThat(sclera(List.of("attacks")).out).contains("white-box:", "pgd", "random");
        assertThat(sclera(List.of("--version")).out).contains("sclera ", "onnxruntime ");
        assertThat(folder.resolve("workspace")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "0, pgd, 2, epsilon",
        "-1, pgd, 2, epsilon",
        "2, pgd, 2, epsilon",
        "NaN, pgd, 2, epsilon",
        "8/255, pdg, 2, attack"
    })
    void aValueThatIsNotAllowedEndsWithOneParagraph(String epsilon, String attacks, int code, String field)
            throws Exception {
        Ended ended = sclera(run(epsilon, attacks));
        assertThat(ended.code).isEqualTo(code);
        assertThat(ended.err)
                .contains("sclera: ", "\"" + field + "\"", "Allowed:")
                .doesNotContain("\tat ");
    }

    @Test
    void inputsThatCannotBeUsedAreToldAndLeaveNothingBehind() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.onnx"), "these are notes");
        Ended noModel = sclera(List.of("model", "import", text.toString(), "--mean", "0.5", "--std", "0.5"));
        assertThat(noModel.code).isEqualTo(3);
        assertThat(noModel.err).contains("notes").doesNotContain("\tat ");
        Ended empty = sclera(
                List.of("import", Files.createDirectory(folder.resolve("empty")).toString()));
        assertThat(empty.code).isEqualTo(3);
        Ended missing = sclera(List.of("grade", "--model", "nobody", "--dataset", "nothing"));
        assertThat(missing.code).isEqualTo(4);
        Ended unknown = sclera(List.of("grade", "--model", "x", "--dataset", "y", "--modell", "x"));
        assertThat(unknown.code).isEqualTo(2);
        assertThat(unknown.err).contains("--modell");
        assertThat(store()).isEmpty();
    }

    @Test
    void whatIsAskedOfUploadsIsCheckedBeforeAnythingIsServed() throws Exception {
        String fields = "dataset: eyes%nattacks: [%s]%nepsilon: 8/255%n";
        Path unknown = Files.writeString(folder.resolve("unknown.yaml"), fields.formatted("pdg"));
        Path named =
                Files.writeString(folder.resolve("named.yaml"), "models: [a]%n".formatted() + fields.formatted("pgd"));
        for (Path file : List.of(unknown, named)) {
            Ended ended = sclera(List.of("serve", "--on-upload", file.toString()));
            assertThat(ended.code).isEqualTo(2);
            assertThat(ended.err).contains("sclera: ", "Allowed:").doesNotContain("\tat ");
        }
        assertThat(sclera(List.of("serve", "--on-upload", "nothing.yaml")).code).isEqualTo(3);
    }

    @Test
    void whatWasGivenUpIsListedAndComesBackWhenItIsAskedFor() throws Exception {
        Event event = Event.now(EventTypes.UPLOADED, "notes", Map.of("key", "notes.txt"));
        DeadLetter letter = new DeadLetter(
                DeadLetter.SCHEMA, event, new DeadLetter.Fault("storage", "The store was away."), 5, Instant.EPOCH);
        Path file = folder.resolve("workspace/sclera").resolve(Keys.deadLetter(event.id()));
        Files.createDirectories(file.getParent());
        Files.write(file, JsonFormat.write(letter));
        Ended listed = sclera(List.of("redrive"));
        assertThat(listed.code).isZero();
        assertThat(listed.out).contains(event.id().substring(0, 12), EventTypes.UPLOADED, "The store was away.");
        assertThat(store()).hasSize(1);
        Ended redriven = sclera(List.of("redrive", event.id().substring(0, 6)));
        assertThat(redriven.code).as(redriven.err).isZero();
        assertThat(redriven.out).containsPattern("put back +1").containsPattern("undelivered now +0");
        assertThat(store()).isEmpty();
        assertThat(sclera(List.of("redrive", "ffffff")).code).isEqualTo(4);
    }

    private List<String> run(String epsilon, String attacks) throws IOException {
        Path models = folder.resolve("models");
        MadeUpEyes.grader(models, "one", 1);
        MadeUpEyes.grader(models, "two", 2);
        return List.of(
                "run",
                "--data",
                MadeUpEyes.photographs(folder.resolve("test"), 20, 2).toString(),
                "--train",
                MadeUpEyes.photographs(folder.resolve("train"), 40, 1).toString(),
                "--models",
                models.toString(),
                "--attacks",
                attacks,
                "--epsilon",
                epsilon);
    }

    /** Every object of the store with its content. */
    private Map<String, String> store() throws IOException {
        Path bucket = folder.resolve("workspace").resolve("sclera");
        Map<String, String> objects = new TreeMap<>();
        if (Files.exists(bucket)) {
            try (Stream<Path> files = Files.walk(bucket)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    objects.put(
                            bucket.relativize(file).toString(),
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return objects;
    }

    private Ended sclera(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // short-lived: what the second compiler wins, it never gets to
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "-jar", JAR.toString()));
        command.addAll(arguments);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .put("SCLERA_LOCAL_WORKSPACE", folder.resolve("workspace").toString());
        Process process = builder.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private record Ended(int code, String out, String err) {}
}
