package dev.sclera.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sclera.store.JsonFormat;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * An endpoint that takes EventBridge's {@code PutEvents} from AWS' SDK, and keeps the events as EventBridge would
 * deliver them. The template of campaigns is here too, for what is uploaded starts one.
 */
public class EventBridgeEndpoint implements QuarkusTestResourceLifecycleManager {

    private static final String TEMPLATE =
            "{\"train\": \"eyes-train\", \"test\": \"eyes-test\", \"attacks\": [\"pgd\", \"random\"], \"epsilon\": \"6/255\", \"passes\": 1, \"repair\": false}";

    private final Queue<JsonNode> events = new ArrayDeque<>();
    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/put", this::put);
        server.createContext("/next", this::next);
        server.createContext("/", this::put);
        server.start();
        // what a role would give
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "sclera.events.bus",
                "eventbridge",
                "sclera.events.eventbridge.endpoint",
                endpoint,
                "test.events",
                endpoint + "/next",
                "sclera.upload.template",
                TEMPLATE,
                "sclera.upload.quiet",
                "PT0S");
    }

    private synchronized void put(HttpExchange exchange) throws IOException {
        JsonNode request = JsonFormat.read(exchange.getRequestBody().readAllBytes(), JsonNode.class);
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("FailedEntryCount", 0);
        ArrayNode entries = answer.putArray("Entries");
        for (JsonNode entry : request.path("Entries")) {
            String id = Integer.toString(entries.size());
            events.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("version", "0")
                    .put("id", id)
                    .put("detail-type", entry.path("DetailType").asText())
                    .put("source", entry.path("Source").asText())
                    .set(
                            "detail",
                            JsonFormat.read(
                                    entry.path("Detail").asText().getBytes(StandardCharsets.UTF_8), JsonNode.class)));
            entries.addObject().put("EventId", id);
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        answer(exchange, JsonFormat.line(answer));
    }

    /** The next event that was put, or nothing. */
    private synchronized void next(HttpExchange exchange) throws IOException {
        JsonNode event = events.poll();
        answer(exchange, event == null ? "" : JsonFormat.line(event));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
