package dev.sclera.functions.telemetry;

import dev.sclera.problem.ProblemException;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.telemetry.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.stream.Stream;

/**
 * Has Micrometer count and time what functions do, and OpenTelemetry trace it: one span per invocation, with an event
 * for every record that it leaves. Neither sees what is in a request or in a photograph.
 */
@Singleton
@Alternative
@Priority(1)
public class MeasuredTelemetry implements Telemetry {

    private static final AttributeKey<String> FUNCTION = AttributeKey.stringKey("sclera.function");
    private static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("sclera.problem");
    private static final AttributeKey<String> KEY = AttributeKey.stringKey("sclera.key");

    private static final String NONE = "none";

    private final Meters meters;
    private final Tracer tracer;

    @Inject
    public MeasuredTelemetry(MeterRegistry registry, OpenTelemetry traces) {
        this.meters = new Meters(registry);
        this.tracer = traces.getTracer("dev.sclera");
    }

    @Override
    public <T> T invocation(String function, Work<T> work) throws Exception {
        long started = System.nanoTime();
        String problem = NONE;
        Span span =
                tracer.spanBuilder(function).setAttribute(FUNCTION, function).startSpan();
        Scope scope = span.makeCurrent();
        try {
            return work.run();
        } catch (WorkInterruptedException e) {
            // it goes on in another invocation, or somebody else is at it
            span.addEvent("interrupted");
            throw e;
        } catch (Exception | Error e) {
            problem = problem(e);
            span.recordException(e);
            span.setStatus(StatusCode.ERROR, problem);
            span.setAttribute(PROBLEM, problem);
            throw e;
        } finally {
            scope.close();
            span.end();
            meters.invocation(function, problem, System.nanoTime() - started);
        }
    }

    @Override
    public void published(String key, Record record) {
        meters.published(record);
        Span.current().addEvent("published", Attributes.of(KEY, key));
    }

    /** The kind that the caller is told of, or {@code internal}. */
    private static String problem(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(ProblemException.class::isInstance)
                .map(cause -> ((ProblemException) cause).kind().type())
                .findFirst()
                .orElse("internal");
    }
}
