package dev.sclera.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.functions.lambda.ProblemFailure;
import dev.sclera.problem.Problem;
import dev.sclera.store.JsonFormat;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions as Lambda invokes them: Quarkus' event server in front, a real S3 endpoint behind. */
@QuarkusTest
@QuarkusTestResource(FurnishedStore.class)
class FunctionsOnLambdaTest {

    private static final String GRADE = "{'model': 'tiny-1', 'dataset': 'eyes-test'}";

    @Test
    void everyFunctionTakesItsRequestFromAnEventOfEventBridge() {
        event("grade", Map.of()).body("images", equalTo(25)).body("imagesPerGrade.sum()", equalTo(25));
        String perturbation = event("craft", Map.of())
                .body("gradientEvaluations", equalTo(50))
                .body("delta", endsWith("/delta.npy"))
                .extract()
                .path("id");
        Map<String, String> known = Map.of("perturbation", perturbation);
        event("perturb", known).body("images", equalTo(25)).body("manifest", endsWith("/manifest.json"));
        event("evaluate", known).body("evaluation", startsWith("evaluations/")).body("images", equalTo(25));
        Lambda.invoke("evaluate", GRADE).statusCode(200);
        event("report", known).body("page", endsWith("/report.html")).body("files", hasSize(6));
        String job = event("finetune", known)
                .body("state", equalTo("QUEUED"))
                .extract()
                .path("id");
        event("finetune-status", Map.of("job", job))
                .body("state", equalTo("QUEUED"))
                .body("epochs", equalTo(1));
        event("campaign", Map.of()).body("state", equalTo("DONE")).body("report", endsWith("/report.html"));
    }

    private static ValidatableResponse event(String function, Map<String, String> known) {
        return Lambda.invoke(function, Lambda.recorded(function + ".event", known))
                .statusCode(200);
    }

    @Test
    void aRequestAsItIsIsTakenToo() {
        Lambda.invoke("grade", GRADE).statusCode(200).body("images", equalTo(25));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    grade    | {'model': 'tiny-1'}                                                             | 400 | dataset
                    grade    | {'model': 'nobody', 'dataset': 'eyes-test'}                                     | 404 | model
                    grade    | {'model': 'tiny-1', 'dataset': 'eyes-test', 'imag': 'x'}                        | 400 | imag
                    grade    | []                                                                              | 400 | body
                    grade    | eye                                                                             | 400 | body
                    craft    | {'attack': 'pgd', 'model': 'tiny-1', 'dataset': 'eyes-train', 'epsilon': 2}     | 400 | epsilon
                    evaluate | {'model': 'tiny-1', 'dataset': 'eyes-test', 'perturbation': 'abcdef'}           | 404 | perturbation
                    none     | {}                                                                              | 400 | quarkus.funqy.export
                    """)
    void whatFailsIsAFailureWhoseMessageIsTheProblem(String function, String request, int status, String field) {
        JsonPath answer = Lambda.invoke(function, request).extract().jsonPath();
        assertThat(answer.getString("errorType")).isEqualTo(ProblemFailure.class.getName());
        Problem problem =
                JsonFormat.read(answer.getString("errorMessage").getBytes(StandardCharsets.UTF_8), Problem.class);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.field()).isEqualTo(field);
        assertThat(problem.detail()).contains("\"").doesNotContain("Exception").doesNotContain("\n");
    }

    @Test
    void aFunctionUrlIsAnsweredAsHttp() {
        HttpResponse answer = url("grade", GRADE.replace('\'', '"'), false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
        assertThat(JsonPath.from(answer.body()).getInt("images")).isEqualTo(25);

        String encoded =
                Base64.getEncoder().encodeToString(GRADE.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        assertThat(url("grade", encoded, true)).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {\"model\": \"nobody\", \"dataset\": \"eyes-test\"} | 404
                    {\"modle\": \"tiny-1\"}                             | 400
                    eye                                                 | 400
                    ''                                                  | 400
                    """)
    void andByAProblemDocumentWhereItFails(String body, int status) {
        HttpResponse answer = url("grade", body.replace("''", ""), false);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("Content-Type", Problem.MEDIA_TYPE);
        assertThat(JsonFormat.read(answer.body().getBytes(StandardCharsets.UTF_8), Problem.class)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void ofHttpsMethodsFunctionsKnowPostAlone() {
        String get = Lambda.recorded("function-url", Map.of("body", "")).replace("\"POST\"", "\"GET\"");
        Lambda.invoke("grade", get).statusCode(200).body("statusCode", equalTo(405));
    }

    /** What API Gateway and function URLs read, and nothing else. */
    private record HttpResponse(int statusCode, Map<String, String> headers, String body, boolean isBase64Encoded) {}

    private static HttpResponse url(String function, String body, boolean encoded) {
        String json = JsonFormat.line(body);
        String payload = Lambda.recorded("function-url", Map.of("body", json.substring(1, json.length() - 1)))
                .replace("\"isBase64Encoded\": false", "\"isBase64Encoded\": " + encoded);
        return JsonFormat.read(
                Lambda.invoke(function, payload).statusCode(200).extract().asByteArray(), HttpResponse.class);
    }

    @Test
    void ofAQueueTheMessagesThatFailAreNamedAndTheOthersAreDone() {
        List<String> failed = Lambda.invoke("grade", Lambda.recorded("grade.queue", Map.of()))
                .statusCode(200)
                .extract()
                .path("batchItemFailures.itemIdentifier");
        assertThat(failed).containsExactly("message-2", "message-4");
        JsonNode none = JsonFormat.read(
                Lambda.invoke(
                                "grade",
                                "{'Records': [{'eventSource': 'aws:sqs', 'messageId': '1', 'body': '%s'}]}"
                                        .formatted(
                                                "{\\\"model\\\": \\\"tiny-1\\\", \\\"dataset\\\": \\\"eyes-test\\\"}"))
                        .extract()
                        .asByteArray(),
                JsonNode.class);
        assertThat(none.path("batchItemFailures")).isEmpty();
    }
}
