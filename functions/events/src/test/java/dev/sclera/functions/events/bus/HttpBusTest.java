package dev.sclera.functions.events.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.sclera.events.Event;
import dev.sclera.events.EventBus;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.broker.CloudEvents;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CloudEvents in binary mode, to a real server. */
class HttpBusTest {

    private final Event event =
            Event.now(EventTypes.STEP, "campaigns/ab/steps/00000-craft.json", Map.of("campaign", "ab", "step", "é"));
    private final List<Headers> headers = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();

    private HttpServer server;
    private int status = 202;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/broker", exchange -> {
            headers.add(exchange.getRequestHeaders());
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private static EventsConfig config(Map<String, String> said) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(EventsConfig.class)
                .withDefaultValues(said)
                .build()
                .getConfigMapping(EventsConfig.class);
    }

    private String sink() {
        return "http://127.0.0.1:%d/broker".formatted(server.getAddress().getPort());
    }

    @Test
    void theAttributesAreHeadersAndTheDataIsTheBody() {
        new HttpBus(config(Map.of("sclera.events.http.sink", sink()))).publish(event);
        assertThat(headers).singleElement().satisfies(sent -> {
            assertThat(sent.getFirst("ce-specversion")).isEqualTo("1.0");
            assertThat(sent.getFirst("ce-id")).isEqualTo(event.id());
            assertThat(sent.getFirst("ce-type")).isEqualTo(EventTypes.STEP);
            assertThat(sent.getFirst("ce-source")).isEqualTo("/sclera");
            assertThat(sent.getFirst("ce-subject")).isEqualTo(event.subject());
            assertThat(sent.getFirst("Content-Type")).isEqualTo("application/json");
        });
        assertThat(bodies).containsExactly("{\"campaign\":\"ab\",\"step\":\"é\"}");
    }

    @Test
    void whatTheSinkBindingSaysIsTheSink() {
        new HttpBus(config(Map.of("K_SINK", sink()))).publish(event);
        assertThat(headers).hasSize(1);
    }

    @Test
    void whatIsNotTakenIsAnErrorThatMayPass() {
        status = 503;
        assertThatThrownBy(() -> new HttpBus(config(Map.of("sclera.events.http.sink", sink()))).publish(event))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("503");
        server.stop(0);
        assertThatThrownBy(() -> new HttpBus(config(Map.of("sclera.events.http.sink", sink()))).publish(event))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void aSinkThatIsNotSaidIsAskedFor() {
        assertThatThrownBy(() -> new HttpBus(config(Map.of())).publish(event))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("K_SINK");
    }

    @Test
    void theBusThatIsNamedIsChosenAndOneThatThereIsNotIsNamed() {
        EventBus http = new HttpBus(config(Map.of()));
        assertThat(new ChosenBus(config(Map.of("sclera.events.bus", "http")), List.of(http)).chosen())
                .isSameAs(http);
        assertThatThrownBy(() -> new ChosenBus(config(Map.of()), List.of(http)).publish(event))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"none\"")
                .hasMessageContaining("http");
    }

    @Test
    void theStructuredFormHoldsTheSame() {
        assertThat(CloudEvents.structured(event))
                .contains("\"specversion\":\"1.0\"", "\"type\":\"" + EventTypes.STEP + "\"")
                .contains("\"data\":{\"campaign\":\"ab\",\"step\":\"é\"}");
    }
}
