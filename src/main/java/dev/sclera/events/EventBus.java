package dev.sclera.events;

import dev.sclera.problem.StorageException;
import java.util.List;

/** Carries events to whoever they call, at least once and in any order. */
public interface EventBus {

    /** By which a configuration names it. */
    String name();

    /**
     * Whether whoever delivers an event may stop waiting for its end, and count it as dealt with or not by then. Where
     * nobody does, what is being done for one delivery needs no second one.
     */
    default boolean givesUpWaiting() {
        return true;
    }

    /**
     * Hands an event over.
     *
     * @throws StorageException where it was not taken; it may be handed over again
     */
    void publish(Event event);

    /**
     * Hands several events over, where that takes fewer calls than one by one.
     *
     * @throws StorageException where one was not taken; all may be handed over again
     */
    default void publish(List<Event> events) {
        events.forEach(this::publish);
    }
}
