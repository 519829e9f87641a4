package dev.sclera;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The order of the packages, and what each of them may know of the world. */
class ArchitectureTest {

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sclera");

    /** By package, the packages beneath that it may know. */
    private static final Map<String, Set<String>> BENEATH = Map.ofEntries(
            Map.entry("problem", Set.of()),
            Map.entry("progress", Set.of()),
            Map.entry("gradient", Set.of()),
            Map.entry("architecture", Set.of("problem", "gradient", "model")),
            Map.entry("metrics", Set.of()),
            Map.entry("ascent", Set.of()),
            Map.entry("telemetry", Set.of()),
            Map.entry("store", Set.of("problem", "progress", "telemetry")),
            Map.entry("dataset", Set.of("problem", "progress", "store")),
            Map.entry("model", Set.of("problem", "progress", "store", "dataset", "gradient")),
            Map.entry("evaluation", Set.of("problem", "progress", "store", "dataset", "model", "metrics")),
            Map.entry(
                    "attack",
                    Set.of(
                            "ascent",
                            "problem",
                            "progress",
                            "store",
                            "dataset",
                            "metrics",
                            "model",
                            "gradient",
                            "evaluation")),
            Map.entry(
                    "defense",
                    Set.of(
                            "ascent",
                            "problem",
                            "progress",
                            "store",
                            "dataset",
                            "model",
                            "gradient",
                            "metrics",
                            "evaluation")),
            Map.entry("report", Set.of("problem", "progress", "store", "dataset", "model", "metrics", "evaluation")),
            Map.entry(
                    "campaign",
                    Set.of(
                            "ascent",
                            "problem",
                            "progress",
                            "store",
                            "dataset",
                            "model",
                            "evaluation",
                            "attack",
                            "defense",
                            "report",
                            "metrics",
                            "gradient")),
            Map.entry("cost", Set.of("problem", "campaign")),
            Map.entry("simulation", Set.of("problem", "campaign", "cost")),
            Map.entry("events", Set.of("problem", "progress", "store", "model", "defense", "report", "campaign")));

    static final List<String> PACKAGES = BENEATH.keySet().stream().sorted().toList();

    @Test
    void theTableAboveHasEveryPackage() {
        Set<String> found = new TreeSet<>();
        LIBRARY.forEach(type -> found.add(type.getPackageName().split("\\.")[2]));
        assertThat(found).containsExactlyElementsOf(PACKAGES);
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void aPackageKnowsOnlyThoseBeneathIt(String name) {
        String[] forbidden = PACKAGES.stream()
                .filter(other -> !other.equals(name))
                .filter(other -> !BENEATH.getOrDefault(name, Set.of()).contains(other))
                .map(other -> "dev.sclera." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.sclera." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(LIBRARY);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.sclera.(**)").should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void gradientsKnowOnnxAlone() {
        classes()
                .that()
                .resideInAPackage("dev.sclera.gradient..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.sclera.gradient..",
                        "ai.onnx.proto..",
                        "ai.onnxruntime..",
                        "com.google.protobuf..",
                        "org.jspecify..",
                        "java..")
                .check(LIBRARY);
    }

    @ParameterizedTest
    @FieldSource("OWNERS")
    void oneOutsideWorldHasOneOwner(List<String> rule) {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.sclera." + rule.get(0) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rule.subList(1, rule.size()).toArray(String[]::new))
                .check(LIBRARY);
    }

    static final List<List<String>> OWNERS = List.of(
            List.of("model", "ai.djl.."),
            List.of("store", "software.amazon.."),
            List.of("store.embedded", "org.gaul.."),
            List.of("dataset", "com.twelvemonkeys..", "javax.imageio.spi.."),
            List.of("metrics", "org.apache.commons.statistics.."),
            // nobody in the library
            List.of("nowhere", "io.quarkus.runtime..", "io.quarkus.funqy..", "io.quarkus.arc..", "io.vertx.."),
            List.of("nowhere", "com.amazonaws.services.lambda..", "io.cloudevents..", "picocli..", "me.tongfei.."));

    @Test
    void nothingIsPrinted() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(LIBRARY);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().beFinal().check(LIBRARY);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages = new HashSet<>();
        LIBRARY.forEach(type -> packages.add(type.getPackage()));
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }

    @Test
    void noClassIsNamedForNothing() {
        String vague = Stream.of("Manager", "Helper", "Util", "Utils", "Impl")
                .reduce((a, b) -> a + "|" + b)
                .orElseThrow();
        noClasses().should().haveNameMatching(".*(" + vague + ")").check(LIBRARY);
    }
}
