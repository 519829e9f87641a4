package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.model.Preprocessing;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grafana's dashboard asks for meters that are really there once functions were called. */
@QuarkusTest
@TestProfile(FreshWorkspace.class)
class DashboardTest {

    private static final Path DASHBOARD = Path.of("..", "..", "infra", "grafana", "dashboards", "sclera.json");

    @Inject
    Operations operations;

    @Test
    void everyMeterAndLabelThatIsAskedForIsThere(@TempDir Path folder) throws IOException {
        callFunctions(folder);
        List<String> queries = queries();
        assertThat(queries).hasSizeGreaterThan(10);
        // an answer is counted a moment after it was given
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(queries)
                        .flatExtracting(query -> missing(query, meters()))
                        .isEmpty());
        String meters = meters();
        assertThat(missing("sum by (function) (rate(sclera_invocation_seconds_count[5m]))", meters))
                .containsExactly("sclera_invocation_seconds_count");
        assertThat(missing("sum by (name) (rate(sclera_reports_total[5m]))", meters))
                .containsExactly("sclera_reports_total{name}");
    }

    @Test
    void whatFailsIsCountedByTheKindOfProblem() {
        given().contentType("application/json").body("{\"model\": \"nobody\"}").post("/grade");
        assertThat(meters())
                .containsPattern(
                        "sclera_invocations_seconds_count\\{function=\"grade\",problem=\"invalid-value\"\\} \\d");
    }

    /** All that leaves something that is counted. */
    private void callFunctions(Path folder) throws IOException {
        operations
                .models()
                .importFile(MadeUpEyes.grader(folder.resolve("models"), "tiny", 1), null, Preprocessing.UNSAID);
        MadeUpEyes.imported(operations, folder, 40, 20);
        String campaign =
                "{\"models\": [\"tiny\"], \"dataset\": \"eyes\", \"attacks\": [\"pgd\", \"random\"], \"epsilon\": \"8/255\","
                        + " \"budget\": 16, \"repair\": {\"optimisation\": {\"epochs\": 1}, \"adaptive\": []}}";
        given().contentType("application/json")
                .body(campaign)
                .post("/campaign")
                .then()
                .statusCode(200);
    }

    private static String meters() {
        return given().get("/q/metrics").asString();
    }

    private static List<String> queries() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        List<String> queries = new ArrayList<>();
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> queries.add(target.path("expr").asText())));
        return queries;
    }

    /** The meters of a query, and the labels that it tells apart, that are not exposed. */
    private static Set<String> missing(String query, String meters) {
        Set<String> missing = new TreeSet<>();
        Set<String> labels = new TreeSet<>();
        matches("by \\(([^)]*)\\)", query)
                .forEach(match -> labels.addAll(List.of(match.group(1).split(", *"))));
        matches("(\\w+)(?:!?=~?)\"", query).forEach(match -> labels.add(match.group(1)));
        for (MatchResult match : matches("\\b[a-z]+(?:_[a-z]+)+\\b(?!\\()", query.replaceAll("by \\([^)]*\\)", ""))) {
            String meter = match.group();
            List<String> lines = meters.lines()
                    .filter(line -> line.matches(meter + "[ {].*"))
                    .toList();
            if (lines.isEmpty()) {
                missing.add(meter);
            } else {
                labels.stream()
                        .filter(label -> lines.stream().noneMatch(line -> line.matches(".*[{,]" + label + "=.*")))
                        .forEach(label -> missing.add(meter + "{" + label + "}"));
            }
        }
        return missing;
    }

    private static List<MatchResult> matches(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.results().toList();
    }
}
