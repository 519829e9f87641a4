package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.sclera.campaign.Campaign;
import dev.sclera.events.DeadLetter;
import dev.sclera.events.DeadLetters;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.events.redrive.Undelivered;
import dev.sclera.local.events.LocalBus;
import dev.sclera.model.TinyGrader;
import dev.sclera.report.Report;
import dev.sclera.report.Verdict;
import dev.sclera.store.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A grader that any S3 client uploads to the embedded S3 ends, by events alone, in a verdict and a report. */
@QuarkusTest
@TestProfile(ListeningWorkspace.class)
class UploadByEventsTest {

    @Inject
    Operations operations;

    @Inject
    LocalBus bus;

    @Inject
    DeadLetters letters;

    @BeforeEach
    void importEyes(@TempDir Path folder) throws IOException {
        MadeUpEyes.imported(operations, folder, 40, 20);
    }

    private void upload(String name, byte[] onnx) {
        try (S3Client client = operations.store().access().client()) {
            String bucket = operations.store().access().bucket();
            client.putObject(
                    put -> put.bucket(bucket).key(Keys.descriptor(name)),
                    RequestBody.fromBytes(MadeUpEyes.descriptor()));
            client.putObject(put -> put.bucket(bucket).key(Keys.model(name)), RequestBody.fromBytes(onnx));
        }
    }

    private List<String> campaigns(String file) {
        return operations.artifacts().objects().list("campaigns/").stream()
                .filter(key -> key.endsWith("/" + file))
                .toList();
    }

    @Test
    void anUploadEndsInAVerdictAndAReportAndWhatIsMadeOnTheWayStartsNothing() {
        upload("grader", TinyGrader.seeded(1).onnx());
        // while it rests it is kept, lest it is lost with this process
        assertThat(letters.all())
                .singleElement()
                .satisfies(letter -> assertThat(letter.error().type()).isEqualTo(DeadLetter.CUT_OFF));
        upload("grader", TinyGrader.seeded(1).onnx());
        // repairs are made by processes of their own, whose ends are events
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> !campaigns("campaign.json").isEmpty());
        operations.events().awaitIdle();

        String record = campaigns("campaign.json").get(0);
        Campaign campaign = operations.artifacts().get("campaign", record, Campaign.class);
        Verdict verdict =
                operations.artifacts().get("verdict", Keys.campaignFile(campaign.id(), "verdict.json"), Verdict.class);
        Report report = operations.artifacts().get("report", Keys.report(campaign.report()), Report.class);
        assertThat(campaign.spec().models()).containsExactly("grader");
        assertThat(report.verdict()).isEqualTo(verdict);
        assertThat(new String(operations.artifacts().objects().get(report.page()), StandardCharsets.UTF_8))
                .contains("grader");
        // two repaired ones and their ensemble were written below models/, and started nothing
        assertThat(operations.models().names()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(campaigns("spec.json")).hasSize(1);
        assertThat(operations.artifacts().objects().list("finetunes/"))
                .filteredOn(key -> key.endsWith("/dispatch.json"))
                .hasSize(2);
        assertThat(letters.all()).isEmpty();
    }

    @Test
    void aFileThatIsNoModelIsAnsweredSo() {
        String key = "models/text/model.onnx";
        operations.artifacts().objects().put(key, "no ONNX".getBytes(StandardCharsets.UTF_8), "text/plain");
        operations.events().awaitIdle();
        given().contentType("application/json")
                .body("{\"key\": \"%s\"}".formatted(key))
                .post("/uploaded")
                .then()
                .statusCode(200)
                .body("objects[0].outcome", equalTo("REFUSED"))
                .body("objects[0].detail", containsString("complete ONNX"));
        given().contentType("application/json")
                .body("{\"nothing\": 1}")
                .post("/uploaded")
                .then()
                .statusCode(400)
                .body("detail", containsString("Object Created"));
        assertThat(letters.all()).isEmpty();
    }

    @Test
    void aStepOverHttpIsStrictAboutWhatItIs() {
        given().contentType("application/json")
                .body("{\"campaign\": \"../x\", \"step\": \"00000-craft\"}")
                .post("/campaign-step")
                .then()
                .statusCode(400)
                .body("detail", containsString("campaign"));
        given().contentType("application/json")
                .header("ce-id", "1")
                .header("ce-specversion", "1.0")
                .header("ce-source", "/sclera")
                .header("ce-type", "dev.sclera.campaign-step")
                .body("{\"campaign\": \"%s\", \"step\": \"00000-craft\"}".formatted("ab".repeat(32)))
                .post("/")
                .then()
                .statusCode(404)
                .body("detail", containsString("spec.json"));
    }

    /** The step fails for want of a spec, is kept, and comes back once somebody asks. */
    @Test
    void whatWasGivenUpIsRedriven() {
        Map<String, Object> data = Map.of("campaign", "cd".repeat(32), "step", "00000-craft");
        Event event = Event.now(EventTypes.STEP, "campaigns/cd", data);
        bus.publish(event);
        operations.events().awaitIdle();
        assertThat(operations.events().undelivered()).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(event.id());
            assertThat(letter.attempts()).isEqualTo(5);
            assertThat(letter.why()).contains("spec.json");
        });
        List<Undelivered> before = operations.events().undelivered();
        operations.events().putBack(before);
        // it failed again, and is there again, with a later time
        assertThat(operations.events().undelivered())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.time()).isAfter(before.get(0).time()));
        letters.forget(letters.all().get(0));
    }
}
