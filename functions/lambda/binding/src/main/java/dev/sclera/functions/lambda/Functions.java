package dev.sclera.functions.lambda;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.InvalidValueException;
import io.quarkus.funqy.runtime.FunctionInvoker;
import io.quarkus.funqy.runtime.FunctionRecorder;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/** The functions that are in this artifact, and which of them it is deployed as. */
@Singleton
public class Functions {

    /** The variable is {@code QUARKUS_FUNQY_EXPORT}: Funqy's own binding for Lambda has the same. */
    private static final String EXPORT = "quarkus.funqy.export";

    private final Config config;

    public Functions(Config config) {
        this.config = requireNonNull(config, "config is null");
    }

    /** Whether the configuration says which function this is. */
    boolean chosen() {
        return config.getOptionalValue(EXPORT, String.class).isPresent();
    }

    /**
     * The function that the configuration names.
     *
     * @throws InvalidValueException where it names none, or none that is here
     */
    ExportedFunction exported() {
        Optional<String> name = config.getOptionalValue(EXPORT, String.class);
        FunctionInvoker invoker =
                name.map(FunctionRecorder.registry::matchInvoker).orElse(null);
        if (invoker == null) {
            throw new InvalidValueException(
                    EXPORT,
                    name.orElse("none"),
                    "in the environment variable QUARKUS_FUNQY_EXPORT, one of "
                            + FunctionRecorder.registry.invokers().stream()
                                    .map(FunctionInvoker::getName)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        return new ExportedFunction(invoker);
    }
}
