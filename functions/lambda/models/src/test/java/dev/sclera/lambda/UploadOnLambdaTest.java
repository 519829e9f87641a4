package dev.sclera.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectState;
import dev.sclera.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
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
