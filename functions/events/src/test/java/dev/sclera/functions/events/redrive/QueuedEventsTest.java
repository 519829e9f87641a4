package dev.sclera.functions.events.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.problem.InvalidValueException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters as EventBridge, SQS and Lambda leave them. */
class QueuedEventsTest {

    private static final String CLOUD_EVENT = """
            {"specversion": "1.0", "id": "1", "source": "/sclera", "type": "dev.sclera.campaign-step",
             "subject": "s", "time": "2026-01-01T00:00:00Z", "data": {"campaign": "ab", "step": "00000-craft"}}""";

    private static final String BRIDGED = """
            {"version": "0", "id": "2", "detail-type": "dev.sclera.campaign-step", "source": "dev.sclera",
             "account": "1", "time": "2026-01-01T00:00:00Z", "region": "r", "resources": [], "detail": %s}""".formatted(CLOUD_EVENT);

    private static final String FAILED = """
            {"version": "1.0", "timestamp": "2026-01-01T00:00:00Z",
             "requestContext": {"requestId": "3", "functionArn": "f", "condition": "RetriesExhausted"},
             "requestPayload": %s, "responseContext": {"statusCode": 200}, "responsePayload": {"errorMessage": "e"}}""".formatted(BRIDGED);

    @Test
    void aCloudEventIsItself() {
        assertStep(QueuedEvents.read(CLOUD_EVENT));
    }

    @Test
    void whatEventBridgeAndLambdaPutAroundItIsTakenOff() {
        assertStep(QueuedEvents.read(BRIDGED));
        assertStep(QueuedEvents.read(FAILED));
    }

    private static void assertStep(Event event) {
        Map<String, Object> data = Map.of("campaign", "ab", "step", "00000-craft");
        assertThat(event.type()).isEqualTo(EventTypes.STEP);
        assertThat(event.data()).isEqualTo(data);
        assertThat(event.id()).isEqualTo(Event.now(EventTypes.STEP, "s", data).id());
    }

    @Test
    void aNotificationOfAnObjectGoesToWhereUploadsGo() {
        Event event = QueuedEvents.read(
                "{\"detail-type\": \"Object Created\", \"source\": \"aws.s3\", \"detail\": {\"bucket\": {\"name\": \"b\"}, \"object\": {\"key\": \"models/a/model.onnx\"}}}");
        assertThat(event.type()).isEqualTo(EventTypes.UPLOADED);
        assertThat(event.subject()).isEqualTo("models/a/model.onnx");
        assertThat(event.data()).containsEntry("detail-type", "Object Created");
    }

    @Test
    void theEndOfAJobGoesToWhereEndsGo() {
        String id = "ab".repeat(32);
        Event event = QueuedEvents.read(
                "{\"detail-type\": \"Batch Job State Change\", \"source\": \"aws.batch\", \"detail\": {\"jobName\": \"sclera-finetune-%s\", \"status\": \"SUCCEEDED\"}}"
                        .formatted(id));
        assertThat(event.type()).isEqualTo(EventTypes.FINETUNE_ENDED);
        assertThat(event.data()).isEqualTo(Map.of("job", id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "no JSON", "{\"detail-type\": \"Scheduled Event\", \"detail\": {}}"})
    void whatIsNoEventIsToldSo(String body) {
        assertThatThrownBy(() -> QueuedEvents.read(body)).isInstanceOf(InvalidValueException.class);
    }
}
