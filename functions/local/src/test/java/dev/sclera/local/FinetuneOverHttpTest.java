package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.sclera.dataset.ImportRequest;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fine-tuning as curl asks for it: a job in a process of its own, on the S3 endpoint of this one. */
@QuarkusTest
@TestProfile(FreshWorkspace.class)
class FinetuneOverHttpTest {

    @Inject
    Operations operations;

    private String perturbation;

    @BeforeEach
    void importEyesAGraderAndAPerturbation(@TempDir Path folder) throws IOException {
        operations
                .models()
                .importFile(MadeUpEyes.grader(folder.resolve("models"), "tiny", 1), null, Preprocessing.UNSAID);
        imported(MadeUpEyes.photographs(folder.resolve("train"), 40, 1), "eyes-train", "train");
        imported(MadeUpEyes.photographs(folder.resolve("test"), 20, 2), "eyes-test", "test");
        Path healthy = MadeUpEyes.photographs(folder.resolve("healthy"), 20, 3);
        Path labels = healthy.resolve("labels.csv");
        Files.writeString(labels, Files.readString(labels).replaceAll("png,\\d", "png,0"));
        imported(healthy, "eyes-healthy", "train");
        perturbation = post("craft", "{'attack': 'pgd', 'model': 'tiny', 'dataset': 'eyes-train', 'epsilon': '8/255'}")
                .statusCode(200)
                .extract()
                .path("perturbation");
    }

    private void imported(Path folder, String name, String part) {
        operations.imports().run(new ImportRequest(folder, name, null, false, null, part), Progress.none());
    }

    @Test
    void aJobRunsInAProcessOfItsOwnAndIsFoundWhenItIsAskedForAgain() throws Exception {
        String request = request("eyes-train", "'optimisation': {'epochs': 2}, 'recraftEvery': 1, 'name': 'mended'");
        ValidatableResponse answer = post("finetune", request)
                .statusCode(200)
                .body("job", endsWith("/job.json"))
                .body("epochs", equalTo(2))
                .body("dispatched.dispatcher", equalTo("local"));
        String id = answer.extract().path("id");
        String process = answer.extract().path("dispatched.target");
        post("finetune", request).body("dispatched.target", equalTo(process));
        String state = "";
        String log = answer.extract().path("dispatched.where");
        while (!state.equals("SUCCEEDED")) {
            assertThat(state).as(() -> said(log)).isNotEqualTo("FAILED");
            Thread.sleep(200);
            state = post("finetune-status", "{'id': '%s'}".formatted(id.substring(0, 10)))
                    .statusCode(200)
                    .extract()
                    .path("state");
        }
        post("finetune", request)
                .statusCode(200)
                .body("state", equalTo("SUCCEEDED"))
                .body("onnx", equalTo("models/mended/model.onnx"))
                .body("last.epoch", equalTo(2))
                .body("last.attackedQuadraticKappa", notNullValue())
                .body("dispatched.target", equalTo(process));
        assertThat(said(log)).contains("crafting pgd against tiny", "Done: models/mended/model.onnx");
        post("grade", "{'model': 'mended', 'dataset': 'eyes-test'}")
                .statusCode(200)
                .body("images", equalTo(20));
    }

    private static String said(String log) {
        try {
            return Files.readString(Path.of(log));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    eyes-train   | 'epochs': 3                              | 400 | epochs
                    eyes-train   | 'optimisation': {'epoch': 3}             | 400 | optimisation.epoch
                    eyes-train   | 'optimisation': {'learningRate': -1}     | 400 | optimisation.learningRate
                    eyes-train   | 'dispatcher': 'slurm'                    | 400 | dispatcher
                    eyes-train   | 'dispatcher': 'batch'                    | 400 | sclera.finetune.batch.queue
                    eyes-train   | 'dispatcher': 'kubernetes'               | 400 | sclera.finetune.kubernetes.image
                    eyes-test    | 'seed': 1                                | 400 | dataset
                    eyes-healthy | 'seed': 1                                | 400 | dataset
                    nothing      | 'seed': 1                                | 404 | dataset
                    """)
    void whatIsNotAllowedIsAProblemThatNamesTheField(String dataset, String said, int status, String field) {
        post("finetune", request(dataset, said))
                .statusCode(status)
                .contentType(containsString("application/problem+json"))
                .body("field", equalTo(field));
    }

    @Test
    void aJobThatNoQueueIsConfiguredForSaysSoInItsStatus() {
        post("finetune", request("eyes-train", "'dispatcher': 'batch', 'seed': 77"))
                .statusCode(400);
        List<String> states = operations.repairs().jobs().ids().stream()
                .filter(id -> operations.repairs().jobs().get(id).spec().seed() == 77)
                .map(id -> post("finetune-status", "{'id': '%s'}".formatted(id))
                        .body("error", containsString("SCLERA_FINETUNE_BATCH_QUEUE"))
                        .extract()
                        .<String>path("state"))
                .toList();
        assertThat(states).containsExactly("FAILED");
    }

    @Test
    void anUnknownJobIsNotFound() {
        post("finetune-status", "{'id': 'abcdef0'}").statusCode(404);
        post("finetune-status", "{'id': 'x'}").statusCode(400).body("field", equalTo("id"));
        post("finetune-status", "{}").statusCode(400).body("field", equalTo("id"));
    }

    private String request(String dataset, String further) {
        return "{'model': 'tiny', 'dataset': '%s', 'perturbations': ['%s'], %s}"
                .formatted(dataset, perturbation, further);
    }

    private static ValidatableResponse post(String function, String request) {
        return given().contentType("application/json")
                .body(request.replace('\'', '"'))
                .post("/" + function)
                .then();
    }
}
