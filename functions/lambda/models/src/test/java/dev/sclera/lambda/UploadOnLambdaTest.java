package dev.sclera.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.campaign.EventLaboratory;
import dev.sclera.campaign.StepPlan;
import dev.sclera.campaign.StepwiseCampaigns;
import dev.sclera.events.DeadLetters;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import dev.sclera.store.Lease;
import dev.sclera.store.Leases;
import dev.sclera.store.ObjectState;
import dev.sclera.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** From S3's event of an upload to a campaign's end, one invocation after the other as queues would make them. */
@QuarkusTest
@QuarkusTestResource(FurnishedStore.class)
@QuarkusTestResource(EventBridgeEndpoint.class)
class UploadOnLambdaTest {

    /** Which function the rules of terraform/modules/events have an event call. */
    private static final Map<String, String> CALLS = Map.of(
            "dev.sclera.campaign-step", "campaign-step",
            "dev.sclera.campaign-step-done", "campaign-advance");

    @Inject
    ObjectStore objects;

    @Inject
    StepwiseCampaigns stepwise;

    @Inject
    DeadLetters letters;

    @ConfigProperty(name = "test.events")
    String events;

    @Test
    void anUploadEndsInAReportByInvocationsAlone() {
        ObjectState model = objects.state(Keys.model("tiny-1")).orElseThrow();
        Map<String, String> known = Map.of("size", Long.toString(model.size()), "etag", model.etag());
        Lambda.invoke("uploaded", Lambda.recorded("uploaded.event", known))
                .statusCode(200)
                .body("objects", hasSize(1))
                .body("objects[0].outcome", equalTo("STARTED"));

        List<String> types = new ArrayList<>();
        for (JsonNode event = next(); event != null; event = next()) {
            String type = event.path("detail-type").asText();
            types.add(type);
            if (CALLS.containsKey(type)) {
                Lambda.invoke(CALLS.get(type), queued(event)).statusCode(200).body("batchItemFailures", hasSize(0));
            } else {
                assertThat(event.path("detail")
                                .path("data")
                                .path("models")
                                .path(0)
                                .asText())
                        .isEqualTo("tiny-1");
                assertThat(objects.exists(
                                event.path("detail").path("data").path("report").asText()))
                        .isTrue();
            }
        }

        assertThat(types).contains("dev.sclera.campaign-step", "dev.sclera.campaign-finished");
        // the same event once more: queues deliver at least once
        Lambda.invoke("uploaded", Lambda.recorded("uploaded.event", known))
                .statusCode(200)
                .body("objects[0].outcome", equalTo("FINISHED"));
        assertThat(next()).isNull();
    }

    @Test
    void aPlainRequestStartsACampaignWhoseStateCanBeAskedFor() {
        String id = Lambda.invoke(
                        "campaign-start",
                        "{'models': ['tiny-2'], 'train': 'eyes-train', 'test': 'eyes-test', 'attacks': ['random'], 'epsilon': '6/255', 'repair': false}")
                .statusCode(200)
                .body("status.state", equalTo("RUNNING"))
                .body("status.done", equalTo(0))
                .extract()
                .path("id");
        for (JsonNode event = next(); event != null; event = next()) {
            String call = CALLS.get(event.path("detail-type").asText());
            if (call != null) {
                Lambda.invoke(call, queued(event)).statusCode(200).body("batchItemFailures", hasSize(0));
            }
        }
        Lambda.invoke("campaign-status", "{'id': '%s'}".formatted(id))
                .statusCode(200)
                .body("state", equalTo("FINISHED"))
                .body("report", endsWith("/report.html"));
    }

    /** No retry mends a record that is damaged: the message is acknowledged, and the step kept with its reason. */
    @Test
    void whatNoRetryMendsIsKeptAtItsFirstFailureAndWhatWasGivenUpIsKeptToo() {
        String id = stepwise.submit(EventLaboratory.spec("tiny-2")).id();
        StepPlan plan = stepwise.plan(id);
        objects.put(Keys.campaignFile(id, "spec.json"), new byte[] {'{'}, "application/json");
        JsonNode told = step(id, plan.steps().get(0).id());
        Lambda.invoke("campaign-step", queued(told)).statusCode(200).body("batchItemFailures", hasSize(0));

        JsonNode failed = next();
        assertThat(failed.path("detail-type").asText()).isEqualTo("dev.sclera.campaign-failed");
        JsonNode data = failed.path("detail").path("data");
        assertThat(data.path("campaign").asText()).isEqualTo(id);
        assertThat(data.path("step").asText()).isEqualTo(plan.steps().get(0).id());
        assertThat(data.path("problem").asText()).isEqualTo("corrupt-artifact");
        assertThat(data.path("detail").asText()).contains("spec.json");

        // the consequence of the same is not told
        JsonNode often = step(id, plan.steps().get(1).id());
        Lambda.invoke("campaign-given-up", queued(often)).statusCode(200).body("batchItemFailures", hasSize(0));
        assertThat(next()).isNull();
        assertThat(letters.all())
                .extracting(
                        letter -> letter.event().data().get("step"),
                        letter -> letter.error().type())
                .containsExactlyInAnyOrder(
                        tuple(plan.steps().get(0).id(), "corrupt-artifact"),
                        tuple(plan.steps().get(1).id(), "given-up"));
    }

    /** A message whose step somebody is at comes again, which is no failure; nothing is done for it. */
    @Test
    void whatSomebodyElseIsAtComesAgain() {
        StepPlan plan = stepwise.submit(EventLaboratory.spec("tiny-1"));
        String step = plan.steps().get(0).id();
        Leases.Answer lease = new Leases(objects, Clock.systemUTC())
                .take(Keys.campaignLeases(plan.id(), step), Duration.ofMinutes(1));
        Lambda.invoke("campaign-step", queued(step(plan.id(), step)))
                .statusCode(200)
                .body("batchItemFailures.itemIdentifier", contains("message-1"));
        assertThat(next()).isNull();
        ((Lease) lease).close();
        Lambda.invoke("campaign-step", queued(step(plan.id(), step)))
                .statusCode(200)
                .body("batchItemFailures", hasSize(0));
        assertThat(next().path("detail-type").asText()).isEqualTo("dev.sclera.campaign-step-done");
        assertThat(next()).isNull();
    }

    private static JsonNode step(String campaign, String step) {
        return JsonFormat.read(
                "{\"detail-type\": \"dev.sclera.campaign-step\", \"source\": \"dev.sclera\", \"detail\": {\"campaign\": \"%s\", \"step\": \"%s\"}}"
                        .formatted(campaign, step)
                        .getBytes(StandardCharsets.UTF_8),
                JsonNode.class);
    }

    private JsonNode next() {
        byte[] body = RestAssured.get(events).asByteArray();
        return body.length == 0 ? null : JsonFormat.read(body, JsonNode.class);
    }

    /** As a queue hands it over. */
    private static String queued(JsonNode event) {
        String text = JsonFormat.line(JsonFormat.line(event));
        return Lambda.recorded("step.queue", Map.of("body", text.substring(1, text.length() - 1)));
    }
}
