package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import dev.sclera.campaign.CampaignFailures;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.CampaignStatus;
import dev.sclera.campaign.Laboratory;
import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.events.CampaignEvents;
import dev.sclera.events.DeadLetters;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.model.TinyGrader;
import dev.sclera.store.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns that are asked for, and done by events on the bus of one process. */
@QuarkusTest
@TestProfile(CampaignsByEventsTest.Quiet.class)
class CampaignsByEventsTest {

    /** A workspace in which uploads start nothing. */
    public static class Quiet extends FreshWorkspace {

        public Quiet() {
            super(Map.of(
                    "sclera.local.events.pause",
                    "PT0.01S",
                    "sclera.upload.template",
                    "{\"dataset\": \"eyes\", \"attacks\": [\"random\"], \"epsilon\": \"4/255\", \"repair\": false}"));
        }
    }

    @Inject
    Operations operations;

    @Inject
    DeadLetters letters;

    @Inject
    CampaignEvents campaigns;

    @Inject
    StepwiseCampaigns stepwise;

    @BeforeEach
    void furnish(@TempDir Path folder) throws IOException {
        MadeUpEyes.imported(operations, folder, 40, 20);
        put(Keys.model("grader"), TinyGrader.seeded(1).onnx());
        put(Keys.descriptor("grader"), MadeUpEyes.descriptor());
    }

    private void put(String key, byte[] body) {
        operations.artifacts().objects().put(key, body, "application/octet-stream");
    }

    /** A record that is damaged no retry mends: the step is kept at once, and goes on once somebody has mended it. */
    @Test
    void aHopelessStepFailsItsCampaignAtOnceAndIsRedrivenOnceItIsMended() {
        CampaignSpec spec = new CampaignSpec(
                List.of("grader"), "eyes-train", "eyes-test", List.of("random"), Laboratory.settings(8 / 255.0, 1, 7));
        String id = stepwise.submit(spec).id();
        String key = Keys.campaignFile(id, "spec.json");
        byte[] record = operations.artifacts().objects().get(key);
        put(key, new byte[] {'{'});
        CampaignFailures failures = new CampaignFailures(operations.artifacts());

        campaigns.resume(id);
        operations.events().awaitIdle();
        assertThat(operations.events().undelivered()).hasSizeGreaterThan(1).allSatisfy(letter -> {
            assertThat(letter.attempts()).isEqualTo(1);
            assertThat(letter.why()).contains("spec.json");
        });
        assertThat(failures.open(id))
                .hasValueSatisfying(failure -> assertThat(failure.problem()).isEqualTo("corrupt-artifact"));
        status(id)
                .body("state", equalTo("FAILED"))
                .body("done", equalTo(0))
                .body("failure.step", equalTo(failures.open(id).orElseThrow().step()))
                .body("failure.detail", containsString("spec.json"));
        assertThat(operations.artifacts().objects().list(Keys.campaignFile(id, "told/")))
                .containsExactly(Keys.campaignFile(id, "told/failed-00001.json"));

        put(key, record);
        operations.events().putBack(operations.events().undelivered());
        assertThat(stepwise.finished(id)).isPresent();
        assertThat(letters.all()).isEmpty();
        assertThat(failures.open(id)).isEmpty();
    }

    @Test
    void aPlainRequestStartsACampaignThatEventsEnd() {
        String request =
                "{'models': ['grader'], 'dataset': 'eyes', 'attacks': ['pgd', 'random'], 'epsilon': '6/255', 'passes': 1, 'repair': false}"
                        .replace('\'', '"');
        String id = post("/campaign-start", request)
                .statusCode(200)
                .body("status.state", equalTo("RUNNING"))
                .body("status.steps", equalTo(8))
                .body("status.stages.stage", hasItems("CRAFT", "REPORT"))
                .body("plan", endsWith("/plan.json"))
                .extract()
                .path("id");
        operations.events().awaitIdle();
        status(id.substring(0, 8))
                .body("id", equalTo(id))
                .body("state", equalTo("FINISHED"))
                .body("done", equalTo(8))
                .body("report", endsWith("/report.html"));
        // the same question once more is the same campaign
        post("/campaign-start", request).body("id", equalTo(id)).body("status.state", equalTo("FINISHED"));
    }

    /** A process that was killed while an upload rested left the upload behind; the next one takes it up. */
    @Test
    void anUploadThatRestedWhenItsProcessWasKilledIsTakenUpByTheNext() {
        Event upload = Event.now(EventTypes.UPLOADED, Keys.model("grader"), Map.of("key", Keys.model("grader")));
        letters.keepUntilDone(upload);
        List<String> before = operations.states().ids();

        operations.events().listen();
        operations.events().awaitIdle();

        List<String> after = new ArrayList<>(operations.states().ids());
        after.removeAll(before);
        assertThat(after)
                .singleElement()
                .satisfies(
                        id -> assertThat(operations.states().get(id).state()).isEqualTo(CampaignStatus.State.FINISHED));
        assertThat(letters.all()).isEmpty();
    }

    /** As Knative has it: the event as it was, with why it was given up in further headers. */
    @Test
    void aStepThatABrokerGaveUpIsKeptAndFailsItsCampaign() {
        String id = stepwise.submit(new CampaignSpec(
                        List.of("grader"),
                        "eyes-train",
                        "eyes-test",
                        List.of("random"),
                        Laboratory.settings(5 / 255.0, 1, 7)))
                .id();
        String step = stepwise.ready(id).get(0).id();
        given().contentType("application/json")
                .header("ce-id", "1")
                .header("ce-specversion", "1.0")
                .header("ce-source", "/sclera")
                .header("ce-type", "dev.sclera.campaign-step")
                .header("ce-knativeerrorcode", "500")
                .body("{\"campaign\": \"%s\", \"step\": \"%s\"}".formatted(id, step))
                .post("/campaign-given-up")
                .then()
                .statusCode(200)
                .body("steps", hasItems(step));
        status(id)
                .body("state", equalTo("FAILED"))
                .body("done", equalTo(0))
                .body("failure.problem", equalTo("given-up"));
        letters.all().forEach(letters::forget);
    }

    @Test
    void whatIsAskedWronglyStartsNothing() {
        post(
                        "/campaign-start",
                        "{\"models\": [\"grader\"], \"dataset\": \"eyes\", \"attacks\": [\"pgd\"], \"epsilon\": 2}")
                .statusCode(400)
                .body("field", equalTo("epsilon"));
        post("/campaign-status", "{}").statusCode(400).body("field", equalTo("id"));
        post("/campaign-status", "{\"id\": \"abc\"}").statusCode(400);
        post("/campaign-status", "{\"id\": \"%s\"}".formatted("ab".repeat(32)))
                .statusCode(404)
                .body("detail", containsString("campaign-start"));
    }

    private static ValidatableResponse status(String id) {
        return post("/campaign-status", "{\"id\": \"%s\"}".formatted(id)).statusCode(200);
    }

    private static ValidatableResponse post(String function, String body) {
        return given().contentType("application/json").body(body).post(function).then();
    }
}
