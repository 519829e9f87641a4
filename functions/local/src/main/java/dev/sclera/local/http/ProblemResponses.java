package dev.sclera.local.http;

import dev.sclera.problem.Problem;
import dev.sclera.problem.ProblemException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.store.JsonFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers failed requests with {@link Problem} documents; the binding by itself answers with empty bodies. */
@Singleton
public class ProblemResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

    void install(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(ProblemResponses::answer);
        // whatever no function answers to
        router.route().last().handler(context -> context.fail(404));
    }

    private static void answer(RoutingContext context) {
        Problem problem = problem(context);
        first(context, HeldElsewhereException.class)
                .ifPresent(held -> context.response().putHeader("Retry-After", seconds(held)));
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(Buffer.buffer(JsonFormat.write(problem)));
    }

    private static Problem problem(RoutingContext context) {
        Optional<ProblemException> known = first(context, ProblemException.class);
        if (known.isPresent()) {
            return Problem.of(known.get());
        }
        Optional<WorkInterruptedException> interrupted = first(context, WorkInterruptedException.class);
        if (interrupted.isPresent()) {
            return BindingProblem.later(interrupted.get());
        }
        int status = status(context);
        if (status >= 500) {
            LOG.error(
                    "{} {} failed",
                    context.request().method(),
                    context.request().path(),
                    context.failure());
        }
        return BindingProblem.of(status, context.request().path());
    }

    private static int status(RoutingContext context) {
        // the binding stumbles over a body that is not there
        if ("0".equals(context.request().getHeader("Content-Length"))) {
            return 400;
        }
        return context.statusCode() < 400 ? 500 : context.statusCode();
    }

    private static String seconds(HeldElsewhereException held) {
        return Long.toString(
                Math.max(1, Duration.between(Instant.now(), held.until()).toSeconds()));
    }

    private static <T extends Throwable> Optional<T> first(RoutingContext context, Class<T> type) {
        return Stream.iterate(context.failure(), cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
