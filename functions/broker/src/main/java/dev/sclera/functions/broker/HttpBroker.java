package dev.sclera.functions.broker;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.Event;
import dev.sclera.problem.StorageException;
import io.cloudevents.http.HttpMessageFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A broker over HTTP, such as Knative's: CloudEvents in binary mode. */
public final class HttpBroker {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI sink;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** @param sink where events go */
    public HttpBroker(URI sink) {
        this.sink = requireNonNull(sink, "sink is null");
    }

    /**
     * Hands an event over.
     *
     * @throws StorageException where it was not taken; it may be handed over again
     */
    public void publish(Event event) {
        HttpRequest.Builder request = HttpRequest.newBuilder(sink).timeout(PATIENCE);
        HttpMessageFactory.createWriter(
                        (name, value) -> request.setHeader(name, value),
                        body -> request.POST(BodyPublishers.ofByteArray(body)))
                .writeBinary(CloudEvents.of(event));
        try {
            HttpResponse<Void> answer = client.send(request.build(), BodyHandlers.discarding());
            if (answer.statusCode() / 100 != 2) {
                throw failure("it answered " + answer.statusCode(), new IOException("no success"));
            }
        } catch (IOException e) {
            throw failure(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("it was interrupted", e);
        }
    }

    private StorageException failure(String why, Exception e) {
        return new StorageException(
                "The broker at %s did not take an event: %s. Check the address; then try again.".formatted(sink, why),
                e);
    }
}
