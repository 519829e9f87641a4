package dev.sclera.functions.lambda;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import io.quarkus.arc.Arc;
import io.quarkus.funqy.runtime.FunctionInvoker;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One function: JSON in, a result out. */
final class ExportedFunction {

    private final FunctionInvoker invoker;

    ExportedFunction(FunctionInvoker invoker) {
        this.invoker = requireNonNull(invoker, "invoker is null");
    }

    String name() {
        return invoker.getName();
    }

    /** Makes all that the function needs, for it to be there when the first request comes. */
    void prepare() {
        requireNonNull(bean(), "there is no bean of " + invoker.getTargetClass());
    }

    private Object bean() {
        return Arc.requireContainer().instance(invoker.getTargetClass()).get();
    }

    /** Whether it takes events as they are: where its request has a field {@code detail}, or no fields of its own. */
    boolean takesEvents() {
        Class<?> type = requestType();
        return !type.isRecord()
                || Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getName().equals("detail"));
    }

    private Class<?> requestType() {
        Class<?>[] types = invoker.getMethod().getParameterTypes();
        return types.length == 0 ? Void.class : types[0];
    }

    /**
     * Calls it.
     *
     * @return its result; null where it has none
     * @throws InvalidValueException where the request is none of its requests
     */
    @Nullable
    Object call(JsonNode request) {
        byte[] json = JsonFormat.line(request).getBytes(StandardCharsets.UTF_8);
        Object[] arguments = requestType() == Void.class
                ? new Object[0]
                : new Object[] {request.isMissingNode() ? null : JsonFormat.read(json, requestType())};
        try {
            return invoker.getMethod().invoke(bean(), arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof NoClassDefFoundError missing) {
                throw new InvalidValueException(
                        "quarkus.funqy.export",
                        name(),
                        "of this artifact, what needs no ONNX Runtime (%s is not here); the artifact of all functions, functions/lambda/models, takes the same request"
                                .formatted(missing.getMessage()));
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("the function " + name() + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the function " + name() + " cannot be called", e);
        }
    }
}
