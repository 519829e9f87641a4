package dev.sclera.functions.events.redrive;

import static java.util.Objects.requireNonNull;

import dev.sclera.functions.events.bus.EventsConfig;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import dev.sclera.store.StoreConfig;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** The SQS queue of events that EventBridge could not deliver or that functions failed on, where one is configured. */
@Singleton
public class DeadLetterQueue {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterQueue.class);

    private static final int BATCH = 10;

    /** Out of sight for so long, lest one is received twice while all are looked at. */
    private static final int SECONDS = 30;

    /** Without a wait, SQS asks some of its servers alone, and may find nothing where there is something. */
    private static final int WAIT_SECONDS = 2;

    private final EventsConfig config;
    private final String region;

    public DeadLetterQueue(EventsConfig config, StoreConfig store) {
        this.config = requireNonNull(config, "config is null");
        this.region = config.eventbridge().region().orElse(store.region());
    }

    /** The events in the queue; what is no event stays there, and is logged. */
    List<Undelivered> all() {
        return config.deadLetterQueue()
                .filter(url -> !url.isEmpty())
                .map(this::all)
                .orElse(List.of());
    }

    private List<Undelivered> all(String url) {
        List<Undelivered> all = new ArrayList<>();
        try (SqsClient client = client()) {
            List<Message> received;
            do {
                received = client.receiveMessage(request -> request.queueUrl(url)
                                .maxNumberOfMessages(BATCH)
                                .visibilityTimeout(SECONDS)
                                .waitTimeSeconds(WAIT_SECONDS)
                                .messageAttributeNames("All")
                                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                        .messages();
                received.forEach(message -> undelivered(url, message).ifPresent(all::add));
            } while (!received.isEmpty());
        } catch (SdkException e) {
            throw failure(url, e);
        }
        return all;
    }

    private Optional<Undelivered> undelivered(String url, Message message) {
        try {
            Map<MessageSystemAttributeName, String> attributes = message.attributes();
            String sent = attributes.get(MessageSystemAttributeName.SENT_TIMESTAMP);
            return Optional.of(new Undelivered(
                    message.messageId(),
                    "queue",
                    QueuedEvents.read(message.body()),
                    why(message.messageAttributes()),
                    Integer.parseInt(
                            text(message.messageAttributes(), "RETRY_ATTEMPTS").orElse("0")),
                    sent == null ? null : Instant.ofEpochMilli(Long.parseLong(sent)),
                    () -> delete(url, message)));
        } catch (InvalidValueException | NumberFormatException e) {
            LOG.warn("The message {} of {} is left there: {}", message.messageId(), url, e.getMessage());
            return Optional.empty();
        }
    }

    /** As EventBridge and as Lambda say it; a queue's own redrive policy says nothing. */
    private static String why(Map<String, MessageAttributeValue> attributes) {
        return Stream.of("ERROR_CODE", "ERROR_MESSAGE", "ErrorCode", "ErrorMessage")
                .flatMap(name -> text(attributes, name).stream())
                .reduce((one, other) -> one + ": " + other)
                .orElse("it was received too often");
    }

    private static Optional<String> text(Map<String, MessageAttributeValue> attributes, String name) {
        return Optional.ofNullable(attributes.get(name)).map(MessageAttributeValue::stringValue);
    }

    private void delete(String url, Message message) {
        try (SqsClient client = client()) {
            client.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
        } catch (SdkException e) {
            throw failure(url, e);
        }
    }

    private static StorageException failure(String url, SdkException e) {
        return new StorageException(
                "The queue %s cannot be used: %s. Check its URL, the region and the credentials; then try again."
                        .formatted(url, e.getMessage()),
                e);
    }

    private SqsClient client() {
        SqsClientBuilder builder =
                SqsClient.builder().region(Region.of(region)).httpClientBuilder(UrlConnectionHttpClient.builder());
        config.eventbridge().endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
