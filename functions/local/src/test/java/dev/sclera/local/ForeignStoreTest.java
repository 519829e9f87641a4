package dev.sclera.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sclera.campaign.Campaign;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.events.Envelopes;
import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.events.bus.EventBridgeBus;
import dev.sclera.functions.events.redrive.Undelivered;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
import dev.sclera.report.Verdict;
import dev.sclera.store.Keys;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An upload to an S3 server that is not of our making: it tells a queue, as AWS' does, and what the queue holds is
 * handed to the function, as AWS' event source mappings do. Where moto_server is not installed, this is skipped.
 */
@QuarkusTest
@TestProfile(ForeignStoreTest.OwnProcess.class)
@WithTestResource(value = MotoStore.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class ForeignStoreTest {

    /** So that no other test shares the store. */
    public static class OwnProcess implements QuarkusTestProfile {}

    @Inject
    Operations operations;

    @Inject
    EventBridgeBus bridge;

    private SqsClient queues;

    @BeforeEach
    void furnish(@TempDir Path folder) throws IOException {
        assumeTrue(
                MotoStore.installed(),
                "moto_server is not installed (pip install 'moto[server]'): uploads are tested with the embedded S3 alone");
        queues = SqsClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        imported(MadeUpEyes.photographs(folder.resolve("train"), 40, 1), "eyes-train", "train");
        imported(MadeUpEyes.photographs(folder.resolve("test"), 20, 2), "eyes-test", "test");
    }

    @AfterEach
    void close() {
        if (queues != null) {
            queues.close();
        }
    }

    private static URI endpoint() {
        return ConfigProvider.getConfig().getValue("sclera.store.endpoint", URI.class);
    }

    private void imported(Path folder, String name, String part) {
        operations.imports().run(new ImportRequest(folder, name, null, false, null, part), Progress.none());
    }

    private String queue(String name) {
        return queues.createQueue(request -> request.queueName(name)).queueUrl();
    }

    private static String arn(String queue) {
        return "arn:aws:sqs:us-east-1:123456789012:" + queue;
    }

    /** As Lambda hands over what it received. */
    private static String records(List<Message> messages) {
        return dev.sclera.store.JsonFormat.line(Map.of(
                "Records",
                messages.stream()
                        .map(message -> Map.of(
                                "messageId", message.messageId(), "eventSource", "aws:sqs", "body", message.body()))
                        .toList()));
    }

    private List<Message> received(String url) {
        return queues.receiveMessage(
                        request -> request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1))
                .messages();
    }

    @Test
    void anUploadThereEndsInAVerdictToo(@TempDir Path folder) throws IOException {
        String uploads = queue("uploads");
        try (S3Client client = operations.store().access().client()) {
            FilterRule models =
                    FilterRule.builder().name("suffix").value("/model.onnx").build();
            QueueConfiguration told = QueueConfiguration.builder()
                    .queueArn(arn("uploads"))
                    .eventsWithStrings("s3:ObjectCreated:*")
                    .filter(filter -> filter.key(key -> key.filterRules(List.of(models))))
                    .build();
            client.putBucketNotificationConfiguration(request -> request.bucket(MotoStore.BUCKET)
                    .notificationConfiguration(configuration -> configuration.queueConfigurations(List.of(told))));
        }
        operations.models().importFile(MadeUpEyes.grader(folder, "grader", 1), null, Preprocessing.UNSAID);
        List<Message> told = received(uploads);
        assertThat(told).isNotEmpty();
        post(records(told)).body("objects[0].outcome", equalTo("STARTED"));
        operations.events().awaitIdle();

        String record = campaigns("campaign.json").get(0);
        Campaign campaign = operations.artifacts().get("campaign", record, Campaign.class);
        Verdict verdict =
                operations.artifacts().get("verdict", Keys.campaignFile(campaign.id(), "verdict.json"), Verdict.class);
        assertThat(verdict.passed()).isFalse();
        assertThat(operations.artifacts().objects().exists(Keys.reportFile(campaign.report(), "report.html")))
                .isTrue();
        // what was made on the way was told too, and starts nothing
        List<Message> own = received(uploads);
        assertThat(own).hasSizeGreaterThanOrEqualTo(3);
        List<String> outcomes = post(records(own)).extract().path("objects.outcome");
        assertThat(outcomes).doesNotContain("STARTED").filteredOn("OWN"::equals).hasSize(3);
        assertThat(campaigns("spec.json")).hasSize(1);
    }

    private static io.restassured.response.ValidatableResponse post(String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/uploaded")
                .then()
                .statusCode(200);
    }

    private List<String> campaigns(String file) {
        return operations.artifacts().objects().list("campaigns/").stream()
                .filter(key -> key.endsWith("/" + file))
                .toList();
    }

    @Test
    void eventsGoOverEventBridgeAndComeBackFromItsDeadLetters() {
        String steps = queue("steps");
        String dead = queue("dead");
        try (EventBridgeClient events = EventBridgeClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            events.putRule(rule -> rule.name("steps")
                    .eventPattern("{\"source\": [\"dev.sclera\"], \"detail-type\": [\"dev.sclera.campaign-step\"]}"));
            Target queue = Target.builder().id("queue").arn(arn("steps")).build();
            events.putTargets(targets -> targets.rule("steps").targets(List.of(queue)));
        }
        Map<String, Object> data = Map.of("campaign", "ef".repeat(32), "step", "00000-craft");
        bridge.publish(
                List.of(Event.now(EventTypes.STEP, "one", data), Event.now(EventTypes.STEP_DONE, "another", data)));
        List<Message> received = received(steps);
        assertThat(received).hasSize(1);
        // the function understands what EventBridge and the queue made of it: that there is no such campaign
        given().contentType("application/json")
                .body(records(received))
                .post("/campaign-step")
                .then()
                .statusCode(404);
        // as a queue's redrive policy does it
        queues.sendMessage(
                message -> message.queueUrl(dead).messageBody(received.get(0).body()));
        List<Undelivered> undelivered = operations.events().undelivered();
        assertThat(undelivered).singleElement().satisfies(event -> {
            assertThat(event.where()).isEqualTo("queue");
            assertThat(event.event().type()).isEqualTo(EventTypes.STEP);
            assertThat(event.event().data()).containsAllEntriesOf(data);
        });
        bridge.publish(undelivered.get(0).event());
        undelivered.get(0).forget().run();
        assertThat(received(steps)).hasSize(1);
        assertThat(received(dead)).isEmpty();
    }

    @Test
    void howCampaignsEndIsToldToATopicAsAWholeCloudEvent() {
        String subscribed = queue("subscribed");
        try (SnsClient topics = SnsClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            String topic = topics.createTopic(request -> request.name("told")).topicArn();
            topics.subscribe(request -> request.topicArn(topic).protocol("sqs").endpoint(arn("subscribed")));
        }
        Map<String, Object> data = Map.of("campaign", "ab", "passed", false);
        bridge.publish(List.of(
                Event.now(EventTypes.STEP_DONE, "campaigns/ab", data),
                Event.now(EventTypes.VERDICT_FAILED, "campaigns/ab", data)));
        assertThat(received(subscribed))
                .singleElement()
                .satisfies(message -> assertThat(Envelopes.open(Envelopes.parse(message.body())))
                        .singleElement()
                        .satisfies(told ->
                                assertThat(told.path("passed").asBoolean(true)).isFalse()));
    }
}
