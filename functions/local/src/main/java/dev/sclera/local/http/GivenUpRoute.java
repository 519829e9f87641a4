package dev.sclera.local.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/**
 * Has the function {@code campaign-given-up} called by its path. A broker hands its dead letters over as the events
 * that they were, and by its type the event of a step would call for the step once more.
 */
@Singleton
public class GivenUpRoute {

    void install(@Observes Router router) {
        router.post("/campaign-given-up").order(Integer.MIN_VALUE + 1).handler(GivenUpRoute::asARequest);
    }

    private static void asARequest(RoutingContext context) {
        List.copyOf(context.request().headers().names()).stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("ce-"))
                .forEach(context.request().headers()::remove);
        context.next();
    }
}
