package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import dev.sclera.model.Preprocessing;
import dev.sclera.report.Report;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns as curl asks for them. */
@QuarkusTest
@TestProfile(FreshWorkspace.class)
class CampaignOverHttpTest {

    private static final String ENOUGH =
            "'models': ['tiny'], 'dataset': 'eyes', 'attacks': ['pgd', 'random'], 'epsilon': '8/255'";

    @Inject
    Operations operations;

    @BeforeEach
    void importEyesAndAGrader(@TempDir Path folder) throws IOException {
        operations
                .models()
                .importFile(MadeUpEyes.grader(folder.resolve("models"), "tiny", 1), null, Preprocessing.UNSAID);
        MadeUpEyes.imported(operations, folder, 40, 20);
    }

    @Test
    void fourFieldsAreEnoughToRepairAndToJudge() {
        String request =
                "{%s, 'budget': 16, 'repair': {'optimisation': {'epochs': 1}, 'adaptive': []}}".formatted(ENOUGH);
        ValidatableResponse answer = post(request)
                .statusCode(200)
                .body("state", equalTo("DONE"))
                .body("report", endsWith("/report.html"))
                .body("verdict", endsWith("/verdict.json"));
        Report report = operations.artifacts().get("report", answer.extract().<String>path("record"), Report.class);
        assertThat(report.repairs()).hasSize(1);
        assertThat(report.repairs().get(0).subjects().get(0).seen()).isEqualTo("pgd");
        assertThat(report.verdict().passed()).isEqualTo(answer.extract().<Boolean>path("passed"));
        String id = answer.extract().path("id");
        post(request).statusCode(200).body("id", equalTo(id));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'repair': {'optimisation': {'epochs': 0}}       | epochs",
                "'repair': {'optimization': {}}                  | optimization",
                "'repair': 'yes'                                 | repair",
                "'repair': {'mix': {'pursuit': 2}}               | mix.pursuit",
                "'repair': {'recraftEvery': -1}                  | recraftEvery",
                "'repair': {'seed': 9007199254740993}            | seed",
                "'repair': {'mix': {'pursuit': 0, 'restartEvery': 3}} | mix.restartEvery",
                "'repair': {'adaptive': ['ordinal']}             | repair.adaptive",
                "'thresholds': {'foolingRate': 2}                | thresholds.foolingRate",
                "'thresholds': {'fooled': 0.1}                   | fooled",
                "'train': 'eyes-train'                           | train",
                "'attack': 'pgd'                                 | attack"
            })
    void whatIsNotAllowedIsNamed(String field, String named) {
        post("{%s, %s}".formatted(ENOUGH, field)).statusCode(400).body("detail", containsString(named));
    }

    private static ValidatableResponse post(String body) {
        return given().contentType("application/json")
                .body(body.replace('\'', '"'))
                .post("/campaign")
                .then();
    }
}
