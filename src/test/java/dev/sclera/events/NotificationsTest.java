package dev.sclera.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.ObjectCreated;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications as AWS, MinIO and Ceph send them, whatever carries them. */
class NotificationsTest {

    /** From EventBridge's documentation, with a key of ours. */
    private static final String EVENTBRIDGE = """
            {"version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Object Created",
             "source": "aws.s3", "account": "111122223333", "time": "2021-11-12T00:00:00Z", "region": "ca-central-1",
             "resources": ["arn:aws:s3:::clinic"],
             "detail": {"version": "0", "bucket": {"name": "clinic"},
              "object": {"key": "models/a+b/model.onnx", "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184",
               "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e", "sequencer": "617f08299329d189"},
              "request-id": "N4N7GDK58NMKJ12R", "requester": "123456789012", "source-ip-address": "1.2.3.4",
              "reason": "PutObject"}}""";

    /** From S3's documentation, likewise; the key is URL-encoded. */
    private static final String NATIVE = """
            {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-west-2",
              "eventTime": "2021-11-12T00:00:00.000Z", "eventName": "ObjectCreated:Put",
              "userIdentity": {"principalId": "AIDAJDPLRKLG7UEXAMPLE"},
              "s3": {"s3SchemaVersion": "1.0", "configurationId": "testConfigRule",
               "bucket": {"name": "clinic", "arn": "arn:aws:s3:::clinic"},
               "object": {"key": "models/a%2Bb/model.onnx", "size": 5, "eTag": "b1946ac92492d2347c6235b4d2611184",
                "sequencer": "0055AED6DCD90281E5"}}}]}""";

    /** As MinIO sends it to a webhook. */
    private static final String MINIO = """
            {"EventName": "s3:ObjectCreated:CompleteMultipartUpload", "Key": "clinic/models/a+b/model.onnx",
             "Records": [{"eventVersion": "2.0", "eventSource": "minio:s3", "awsRegion": "",
              "eventTime": "2021-11-12T00:00:00Z", "eventName": "s3:ObjectCreated:CompleteMultipartUpload",
              "s3": {"bucket": {"name": "clinic"}, "object": {"key": "models%2Fa%2Bb%2Fmodel.onnx", "size": 5,
               "eTag": "b1946ac92492d2347c6235b4d2611184", "contentType": "application/octet-stream"}}}]}""";

    private static final ObjectCreated OBJECT = new ObjectCreated(
            "clinic",
            "models/a+b/model.onnx",
            5L,
            "b1946ac92492d2347c6235b4d2611184",
            Instant.parse("2021-11-12T00:00:00Z"));

    @ParameterizedTest
    @ValueSource(strings = {EVENTBRIDGE, NATIVE, MINIO})
    void oneRecordComesOfEveryForm(String notification) {
        assertThat(read(notification)).containsExactly(OBJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTBRIDGE, NATIVE, MINIO})
    void whateverCarriesItIsTakenOff(String notification) {
        String text = JsonFormat.line(notification);
        String sqs = "{\"Records\": [{\"messageId\": \"1\", \"eventSource\": \"aws:sqs\", \"body\": %s}]}";
        String sns = "{\"Type\": \"Notification\", \"MessageId\": \"1\", \"Message\": %s}";
        String byFunction = "{\"Records\": [{\"EventSource\": \"aws:sns\", \"Sns\": {\"Message\": %s}}]}";
        String cloudEvent =
                "{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"s3\", \"type\": \"com.amazonaws.s3.objectcreated\", \"data\": %s}";
        assertThat(read(sqs.formatted(text))).containsExactly(OBJECT);
        assertThat(read(sns.formatted(text))).containsExactly(OBJECT);
        assertThat(read(byFunction.formatted(text))).containsExactly(OBJECT);
        assertThat(read(cloudEvent.formatted(notification))).containsExactly(OBJECT);
        assertThat(read(sqs.formatted(JsonFormat.line(sns.formatted(text))))).containsExactly(OBJECT);
        assertThat(read("[%s, %s]".formatted(notification, notification))).containsExactly(OBJECT, OBJECT);
    }

    @Test
    void directCallsSayWhatTheyKnow() {
        assertThat(read("{\"key\": \"models/a/model.onnx\"}"))
                .containsExactly(new ObjectCreated(null, "models/a/model.onnx", null, null, null));
        assertThat(read("{\"model\": \"a\"}"))
                .containsExactly(new ObjectCreated(null, "models/a/model.onnx", null, null, null));
        assertThat(read("{\"key\": \"k\", \"etag\": \"\\\"x\\\"\", \"size\": 3}"))
                .containsExactly(new ObjectCreated(null, "k", 3L, "x", null));
    }

    /** As moto sends it. */
    @Test
    void aTimeWithoutAZoneIsUtcAndOneWithAZoneIsThat() {
        assertThat(read(NATIVE.replace("00:00:00.000Z", "00:00:00.834369")))
                .extracting(ObjectCreated::time)
                .containsExactly(Instant.parse("2021-11-12T00:00:00.834369Z"));
        assertThat(read(NATIVE.replace("00:00:00.000Z", "02:00:00+02:00"))).containsExactly(OBJECT);
    }

    @Test
    void aSpaceInANativeKeyIsAPlus() {
        assertThat(read(NATIVE.replace("a%2Bb", "a+b")))
                .extracting(ObjectCreated::key)
                .containsExactly("models/a b/model.onnx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Service\": \"Amazon S3\", \"Event\": \"s3:TestEvent\", \"Bucket\": \"clinic\"}",
                "{\"detail-type\": \"Object Deleted\", \"source\": \"aws.s3\", \"detail\": {}}",
                "{\"Records\": [{\"eventName\": \"ObjectRemoved:Delete\", \"s3\": {\"object\": {\"key\": \"k\"}}}]}",
                "{\"Records\": []}",
            })
    void whatTellsOfSomethingElseTellsOfNoObject(String notification) {
        assertThat(read(notification)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "7",
                "null",
                "\"no JSON\"",
                "{\"Records\": [{}]}",
                "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\", \"s3\": {\"object\": {\"key\": \"%zz\"}}}]}",
                "{\"detail-type\": \"Object Created\", \"detail\": {\"object\": {}}}",
                "{\"detail-type\": \"Object Created\", \"detail\": {\"object\": {\"key\": \"k\"}}, \"time\": \"today\"}",
                "{\"key\": \"\"}",
                "{\"key\": \"k\", \"size\": -1}",
                "{\"specversion\": \"1.0\", \"type\": \"t\", \"data_base64\": \"***\"}",
            })
    void whatIsNoNotificationIsToldSo(String message) {
        assertThatThrownBy(() -> read(message))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("Allowed: ");
    }

    @Test
    void whatIsWrappedWithoutEndIsRefused() {
        String wrapped = NATIVE;
        for (int i = 0; i < 10; i++) {
            wrapped = JsonFormat.line(Map.of("Type", "Notification", "Message", wrapped));
        }
        String message = wrapped;
        assertThatThrownBy(() -> read(message))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("wrapped");
        assertThatThrownBy(() -> Notifications.read(JsonNodeFactory.instance.missingNode()))
                .isInstanceOf(InvalidValueException.class);
    }

    private static List<ObjectCreated> read(String notification) {
        return Notifications.read(Envelopes.parse(notification));
    }
}
