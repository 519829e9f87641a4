package dev.sclera.functions.events.bus;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.Event;
import dev.sclera.events.EventBus;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.broker.CloudEvents;
import dev.sclera.problem.StorageException;
import dev.sclera.store.StoreConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClientBuilder;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * AWS EventBridge: the type is the {@code detail-type}, the whole CloudEvent the {@code detail}. How campaigns end is
 * told to an SNS topic too, where there is one.
 */
@Singleton
public class EventBridgeBus implements EventBus {

    /** As many as EventBridge takes at once. */
    private static final int BATCH = 10;

    private static final Set<String> TOLD =
            Set.of(EventTypes.FINISHED, EventTypes.FAILED, EventTypes.VERDICT_FAILED, EventTypes.UPLOAD_REFUSED);

    private final EventsConfig.EventBridge config;
    private final String region;
    private @Nullable EventBridgeClient events;
    private @Nullable SnsClient topics;

    public EventBridgeBus(EventsConfig config, StoreConfig store) {
        this.config = requireNonNull(config, "config is null").eventbridge();
        this.region = this.config.region().orElse(store.region());
    }

    @Override
    public String name() {
        return "eventbridge";
    }

    @Override
    public void publish(Event event) {
        publish(List.of(event));
    }

    @Override
    public void publish(List<Event> all) {
        try {
            for (int from = 0; from < all.size(); from += BATCH) {
                put(all.subList(from, Math.min(all.size(), from + BATCH)));
            }
            config.topic()
                    .ifPresent(topic -> all.stream()
                            .filter(event -> TOLD.contains(event.type()))
                            .forEach(event -> tell(topic, event)));
        } catch (SdkException e) {
            throw failure(String.valueOf(e.getMessage()), e);
        }
    }

    private void put(List<Event> batch) {
        PutEventsResponse answer = events().putEvents(request -> request.entries(batch.stream()
                .map(event -> PutEventsRequestEntry.builder()
                        .eventBusName(config.name())
                        .source("dev.sclera")
                        .detailType(event.type())
                        .detail(CloudEvents.structured(event))
                        .build())
                .toList()));
        if (answer.failedEntryCount() > 0) {
            String why = answer.entries().stream()
                    .filter(entry -> entry.errorCode() != null)
                    .map(PutEventsResultEntry::errorMessage)
                    .findFirst()
                    .orElse("no reason was given");
            throw failure(why, new IllegalStateException(why));
        }
    }

    private void tell(String topic, Event event) {
        topics().publish(request -> request.topicArn(topic)
                .subject(event.type())
                .message(CloudEvents.structured(event))
                .messageAttributes(Map.of(
                        "type",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(event.type())
                                .build())));
    }

    private StorageException failure(String why, Exception e) {
        return new StorageException(
                "AWS did not take events for the bus \"%s\": %s. Check the bus, the topic, the region and the credentials; then try again."
                        .formatted(config.name(), why),
                e);
    }

    private synchronized EventBridgeClient events() {
        if (events == null) {
            EventBridgeClientBuilder builder = EventBridgeClient.builder()
                    .region(Region.of(region))
                    .httpClientBuilder(UrlConnectionHttpClient.builder());
            config.endpoint().ifPresent(builder::endpointOverride);
            events = builder.build();
        }
        return events;
    }

    private synchronized SnsClient topics() {
        if (topics == null) {
            SnsClientBuilder builder =
                    SnsClient.builder().region(Region.of(region)).httpClientBuilder(UrlConnectionHttpClient.builder());
            config.endpoint().ifPresent(builder::endpointOverride);
            topics = builder.build();
        }
        return topics;
    }

    @PreDestroy
    synchronized void close() {
        if (events != null) {
            events.close();
        }
        if (topics != null) {
            topics.close();
        }
    }
}
