package dev.sclera.functions.events.bus;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.Event;
import dev.sclera.events.EventBus;
import dev.sclera.problem.InvalidValueException;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The bus that the configuration names; looked for when there is an event, not before. */
@Singleton
@Typed(ChosenBus.class)
public class ChosenBus implements EventBus {

    private final EventsConfig config;
    private final Iterable<EventBus> all;

    @Inject
    public ChosenBus(EventsConfig config, @Any Instance<EventBus> all) {
        this(config, (Iterable<EventBus>) all);
    }

    ChosenBus(EventsConfig config, Iterable<EventBus> all) {
        this.config = requireNonNull(config, "config is null");
        this.all = requireNonNull(all, "all is null");
    }

    @Override
    public String name() {
        return config.bus();
    }

    @Override
    public boolean givesUpWaiting() {
        return chosen().givesUpWaiting();
    }

    @Override
    public void publish(Event event) {
        chosen().publish(event);
    }

    @Override
    public void publish(List<Event> events) {
        chosen().publish(events);
    }

    /**
     * The bus itself.
     *
     * @throws InvalidValueException where there is none of that name
     */
    public EventBus chosen() {
        return buses().stream()
                .filter(bus -> bus.name().equals(config.bus()))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "sclera.events.bus",
                        config.bus(),
                        buses().stream().map(EventBus::name).sorted().collect(Collectors.joining(", "))
                                + ", for what events call"));
    }

    private List<EventBus> buses() {
        return StreamSupport.stream(all.spliterator(), false).toList();
    }
}
