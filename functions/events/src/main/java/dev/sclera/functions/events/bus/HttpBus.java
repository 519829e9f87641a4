package dev.sclera.functions.events.bus;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.Event;
import dev.sclera.events.EventBus;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import io.cloudevents.http.HttpMessageFactory;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A broker over HTTP, such as Knative's: CloudEvents in binary mode. */
@Singleton
public class HttpBus implements EventBus {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventsConfig.Http config;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    public HttpBus(EventsConfig config) {
        this.config = requireNonNull(config, "config is null").http();
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void publish(Event event) {
        URI sink = config.sink()
                .orElseThrow(() -> new InvalidValueException(
                        "sclera.events.http.sink", "none", "the URL of a broker, or K_SINK in the environment"));
        HttpRequest.Builder request = HttpRequest.newBuilder(sink).timeout(PATIENCE);
        HttpMessageFactory.createWriter(
                        (name, value) -> request.setHeader(name, value),
                        body -> request.POST(BodyPublishers.ofByteArray(body)))
                .writeBinary(CloudEvents.of(event));
        try {
            HttpResponse<Void> answer = client.send(request.build(), BodyHandlers.discarding());
            if (answer.statusCode() / 100 != 2) {
                throw failure(sink, "it answered " + answer.statusCode(), new IOException("no success"));
            }
        } catch (IOException e) {
            throw failure(sink, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(sink, "it was interrupted", e);
        }
    }

    private static StorageException failure(URI sink, String why, Exception e) {
        return new StorageException(
                "The broker at %s did not take an event: %s. Check the address; then try again.".formatted(sink, why),
                e);
    }
}
