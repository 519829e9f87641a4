package dev.sclera.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every variable that a function reads is set where it is deployed, but those that are left out for a reason. */
class EnvironmentTest {

    /** What AWS says in other ways, or has no use for. */
    private static final Map<String, String> NOT_ON_AWS = Map.ofEntries(
            Map.entry("SCLERA_STORE_ENDPOINT", "AWS' own"),
            Map.entry("SCLERA_STORE_ACCESS_KEY", "the role's"),
            Map.entry("SCLERA_STORE_SECRET_KEY", "the role's"),
            Map.entry("SCLERA_FINETUNE_BATCH_ENDPOINT", "AWS' own"),
            Map.entry("SCLERA_FINETUNE_KUBERNETES_.*", "jobs go to AWS Batch"),
            Map.entry("SCLERA_EVENTS_HTTP_SINK", "events go to EventBridge"),
            Map.entry("SCLERA_EVENTS_EVENTBRIDGE_ENDPOINT", "AWS' own"),
            Map.entry("SCLERA_EVENTS_EVENTBRIDGE_TOPIC", "a rule of module events tells the topic"),
            Map.entry("SCLERA_EVENTS_DEAD_LETTER_QUEUE", "only the command redrive reads it"),
            Map.entry("SCLERA_JOB_TELL", "AWS Batch tells the ends of jobs"),
            Map.entry("SCLERA_JOB_ID", "the dispatcher says it with each job"));

    private static final Map<String, String> NOT_ON_KUBERNETES = Map.of(
            "SCLERA_FINETUNE_BATCH_.*", "jobs go to Kubernetes",
            "SCLERA_LAMBDA_.*", "Lambda's",
            "SCLERA_EVENTS_EVENTBRIDGE_.*", "events go to a broker",
            "SCLERA_EVENTS_DEAD_LETTER_QUEUE", "a queue of AWS'",
            "SCLERA_UPLOAD_TEMPLATE", "the object campaigns/on-upload.json says it");

    private static final Path ROOT = Project.root();

    private final TerraformModule functions = module("functions");

    @Test
    void onAwsEveryVariableIsSetForEveryFunctionThatReadsIt() {
        assertThat(findings(functions)).isEmpty();
    }

    @Test
    void onAwsTheJobIsSetWhatItReads() {
        Set<String> read = Variables.of(Variables.readers().get("job"));
        assertThat(unset("job", read, Deployed.job(module("jobs")), NOT_ON_AWS)).isEmpty();
    }

    @Test
    void aVariableThatIsNotSetIsFound() {
        String text = TerraformModule.text(ROOT.resolve("terraform/modules/functions/main.tf"));
        String line = "SCLERA_CAMPAIGN_TIME    = var.campaign_time";
        assertThat(text).contains(line);
        assertThat(findings(TerraformModule.of(text.replace(line, ""))))
                .containsExactly(
                        "campaign: SCLERA_CAMPAIGN_TIME is not set",
                        "campaign-step: SCLERA_CAMPAIGN_TIME is not set",
                        "finetune-watch: SCLERA_CAMPAIGN_TIME is not set");
        assertThat(findings(TerraformModule.of(text.replace(line, "SCLERA_CAMPAING_TIME = 1"))))
                .containsExactly(
                        "campaign: SCLERA_CAMPAIGN_TIME is not set",
                        "campaign: SCLERA_CAMPAING_TIME is not read",
                        "campaign-step: SCLERA_CAMPAIGN_TIME is not set",
                        "campaign-step: SCLERA_CAMPAING_TIME is not read",
                        "finetune-watch: SCLERA_CAMPAIGN_TIME is not set",
                        "finetune-watch: SCLERA_CAMPAING_TIME is not read");
        assertThat(findings(TerraformModule.of(text.replaceFirst("SCLERA_STORE_BUCKET +=.*", ""))))
                .hasSize(Variables.readers().size() - 1);
    }

    @Test
    void onKubernetesEveryVariableIsSet() {
        Set<String> read = new TreeSet<>();
        Variables.readers().forEach((reader, mappings) -> {
            if (!reader.equals("job")) {
                read.addAll(Variables.of(mappings));
            }
        });
        Set<String> set = new TreeSet<>(Manifests.data("configuration.yaml", "data"));
        set.addAll(Manifests.data("secret.example.yaml", "stringData"));
        assertThat(unset("functions", read, set, NOT_ON_KUBERNETES)).isEmpty();
    }

    /** So that a mapping that comes to the code comes to the checks too. */
    @Test
    void theMappingsThatAreLookedAtAreAllThereAre() throws IOException {
        Set<String> known = new TreeSet<>(Set.of("LocalConfig"));
        Variables.readers()
                .values()
                .forEach(mappings -> mappings.forEach(mapping -> known.add(mapping.getSimpleName())));
        assertThat(Stream.concat(mappings(ROOT.resolve("src")), mappings(ROOT.resolve("functions"))))
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void namesAreThoseThatPeopleAreTold() {
        assertThat(Variables.of(Variables.readers().get("finetune")))
                .contains("SCLERA_COMPUTE", "SCLERA_STORE_ACCESS_KEY", "SCLERA_FINETUNE_KUBERNETES_KEEP_SECONDS")
                .hasSize(25);
    }

    private static List<String> findings(TerraformModule module) {
        Map<String, Set<String>> set = Deployed.functions(module);
        return Variables.readers().entrySet().stream()
                .filter(reader -> !reader.getKey().equals("job"))
                .flatMap(reader -> unset(
                        reader.getKey(),
                        Variables.of(reader.getValue()),
                        set.getOrDefault(reader.getKey(), Set.of()),
                        NOT_ON_AWS)
                        .stream())
                .toList();
    }

    private static List<String> unset(String reader, Set<String> read, Set<String> set, Map<String, String> leftOut) {
        Map<String, String> findings = new TreeMap<>();
        Predicate<String> needed = name -> leftOut.keySet().stream().noneMatch(name::matches);
        read.stream().filter(needed.and(name -> !set.contains(name))).forEach(name -> findings.put(name, "set"));
        set.stream().filter(name -> !read.contains(name)).forEach(name -> findings.put(name, "read"));
        return findings.entrySet().stream()
                .map(finding -> "%s: %s is not %s".formatted(reader, finding.getKey(), finding.getValue()))
                .toList();
    }

    private static TerraformModule module(String name) {
        return TerraformModule.below(ROOT.resolve("terraform/modules").resolve(name))
                .get(0);
    }

    private static Stream<String> mappings(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith("Config.java")
                            && !file.toString().contains("/test/"))
                    .filter(file -> TerraformModule.text(file).contains("@ConfigMapping("))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .toList()
                    .stream();
        }
    }
}
