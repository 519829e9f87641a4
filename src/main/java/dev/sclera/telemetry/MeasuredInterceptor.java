package dev.sclera.telemetry;

import static java.util.Objects.requireNonNull;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import org.jspecify.annotations.Nullable;

/** Tells of invocations of what is {@link Measured}. */
@Measured
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
public class MeasuredInterceptor {

    private final Telemetry telemetry;

    MeasuredInterceptor(Telemetry telemetry) {
        this.telemetry = requireNonNull(telemetry, "telemetry is null");
    }

    @AroundInvoke
    @Nullable
    Object invocation(InvocationContext context) throws Exception {
        String function = context.getMethod().getAnnotation(Measured.class).value();
        return telemetry.<@Nullable Object>invocation(function, context::proceed);
    }
}
