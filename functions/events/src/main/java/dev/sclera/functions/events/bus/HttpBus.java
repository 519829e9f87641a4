package dev.sclera.functions.events.bus;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.Event;
import dev.sclera.events.EventBus;
import dev.sclera.functions.broker.HttpBroker;
import dev.sclera.problem.InvalidValueException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The broker over HTTP that the configuration names. */
@Singleton
public class HttpBus implements EventBus {

    private final EventsConfig.Http config;
    private @Nullable HttpBroker broker;

    public HttpBus(EventsConfig config) {
        this.config = requireNonNull(config, "config is null").http();
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void publish(Event event) {
        broker().publish(event);
    }

    private synchronized HttpBroker broker() {
        if (broker == null) {
            broker = new HttpBroker(config.sink()
                    .orElseThrow(() -> new InvalidValueException(
                            "sclera.events.http.sink", "none", "the URL of a broker, or K_SINK in the environment")));
        }
        return broker;
    }
}
