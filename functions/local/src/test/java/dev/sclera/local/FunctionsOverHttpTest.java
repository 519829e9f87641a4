package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.sclera.dataset.ImportRequest;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
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

/** The functions as curl calls them: real HTTP in front, a real S3 endpoint behind. */
@QuarkusTest
@TestProfile(FreshWorkspace.class)
class FunctionsOverHttpTest {

    @Inject
    Operations operations;

    @BeforeEach
    void importEyesAndAGrader(@TempDir Path folder) throws IOException {
        operations
                .models()
                .importFile(MadeUpEyes.grader(folder.resolve("models"), "tiny", 1), null, Preprocessing.UNSAID);
        importEyes(folder.resolve("train"), 40, 1, "train");
        importEyes(folder.resolve("test"), 20, 2, "test");
    }

    private void importEyes(Path folder, int count, long seed, String part) throws IOException {
        MadeUpEyes.photographs(folder, count, seed);
        operations.imports().run(new ImportRequest(folder, "eyes-" + part, null, false, null, part), Progress.none());
    }

    @Test
    void everyFunctionTakesKeysAndAnswersWithThem() {
        String model = "models/tiny/model.onnx";
        String test = "datasets/eyes-test/dataset.json";
        post("grade", "{'model': '%s', 'dataset': '%s'}".formatted(model, test))
                .statusCode(200)
                .body("images", equalTo(20))
                .body("imagesPerGrade.sum()", equalTo(20))
                .body("predictions", endsWith("/clean/predictions.json"));
        String perturbation = post(
                        "craft",
                        "{'attack': 'pgd', 'model': '%s', 'dataset': 'datasets/eyes-train/dataset.json', 'epsilon': '8/255'}"
                                .formatted(model))
                .statusCode(200)
                .body("gradientEvaluations", equalTo(120))
                .body("delta", endsWith("/delta.npy"))
                .extract()
                .path("perturbation");
        String request = "{'model': '%s', 'dataset': '%s', 'perturbation': '%s'}";
        post("perturb", "{'dataset': '%s', 'perturbation': '%s'}".formatted(test, perturbation))
                .statusCode(200)
                .body("images", equalTo(20))
                .body("manifest", endsWith("/manifest.json"));
        post("evaluate", "{'model': '%s', 'dataset': '%s'}".formatted(model, test))
                .statusCode(200)
                .body("confusion.flatten().sum()", equalTo(20));
        post("evaluate", request.formatted(model, test, perturbation))
                .statusCode(200)
                .body("foolingRate", greaterThan(-1f))
                .body("evaluation", startsWith("evaluations/"));
        post(
                        "report",
                        "{'models': ['%s'], 'dataset': '%s', 'perturbations': ['%s']}"
                                .formatted(model, test, perturbation))
                .statusCode(200)
                .body("page", endsWith("/report.html"))
                .body("files", hasSize(6));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': '0'}   | 400 | epsilon
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': -1}    | 400 | epsilon
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': 2}     | 400 | epsilon
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': 'NaN'} | 400 | epsilon
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': '1/0'} | 400 | epsilon
                    craft    | {'attack': 'pdg', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': 0.1}   | 400 | attack
                    craft    | {'attack': 'pgd', 'dataset': 'eyes-train', 'epsilon': 0.1}                    | 400 | model
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-test', 'epsilon': 0.1}    | 400 | dataset
                    craft    | {'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'sed': 1}         | 400 | sed
                    craft    | {'attack': 'random', 'dataset': 'eyes-train', 'epsilon': 1, 'norm': 'l3'}     | 400 | norm
                    grade    | {'model': 'tiny'}                                                             | 400 | dataset
                    grade    | {'model': 'nobody', 'dataset': 'eyes-test'}                                   | 404 | model
                    grade    | {'model': 'tiny', 'dataset': 'nothing'}                                       | 404 | dataset
                    grade    | {'model': '../tiny', 'dataset': 'eyes-test'}                                  | 400 | model
                    grade    | {'model': 'tiny', 'model': 'tiny', 'dataset': 'eyes-test'}                    | 400 | body
                    evaluate | {'model': 'tiny', 'dataset': 'eyes-test', 'perturbation': 'abcdef'}           | 404 | perturbation
                    report   | {'models': [], 'dataset': 'eyes-test'}                                        | 400 | models
                    """)
    void whatIsNotAllowedIsAProblemThatNamesTheField(String function, String request, int status, String field) {
        post(function, request)
                .statusCode(status)
                .contentType(containsString("application/problem+json"))
                .body("status", equalTo(status))
                .body("field", equalTo(field));
    }

    @Test
    void aBodyThatIsNoJsonOrNotThereIsAProblemOfTheBody() {
        post("grade", "eye").statusCode(400).body("field", equalTo("body"));
        given().contentType("application/json")
                .post("/grade")
                .then()
                .statusCode(400)
                .body("field", equalTo("body"));
    }

    @Test
    void whatNoFunctionAnswersToIsNotFound() {
        post("grad", "{}").statusCode(404).body("detail", containsString("/grade"));
    }

    @Test
    void aCloudEventCallsTheFunctionOfItsTypeAndIsAnsweredByOne() {
        given().contentType("application/json")
                .header("ce-id", "1")
                .header("ce-specversion", "1.0")
                .header("ce-source", "/test")
                .header("ce-type", "dev.sclera.grade")
                .body(json("{'model': 'tiny', 'dataset': 'eyes-test'}"))
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", "dev.sclera.graded")
                .header("ce-source", "/sclera/grade")
                .body("images", equalTo(20));
        given().contentType("application/cloudevents+json")
                .body(json(
                        "{'id': '1', 'specversion': '1.0', 'source': '/test', 'type': 'dev.sclera.evaluate', 'datacontenttype': 'application/json',"
                                + " 'data': {'model': 'tiny', 'dataset': 'eyes-test'}}"))
                .post("/")
                .then()
                .statusCode(200)
                .body("type", equalTo("dev.sclera.evaluated"))
                .body("data.images", equalTo(20));
    }

    private static ValidatableResponse post(String function, String request) {
        return given().contentType("application/json")
                .body(json(request))
                .post("/" + function)
                .then();
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }
}
