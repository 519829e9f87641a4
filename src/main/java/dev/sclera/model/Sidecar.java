package dev.sclera.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that a training script leaves beside its model: {@code <model>.json} with {@code inputSize}, {@code mean}
 * and {@code std}; other fields are the script's own business.
 */
final class Sidecar {

    private Sidecar() {}

    /** What the user said, completed by the sidecar of a model file where there is one. */
    static Preprocessing complete(Preprocessing said, Path model) {
        String file = model.getFileName().toString();
        Path sidecar = model.resolveSibling(file.replaceFirst("\\.onnx$", "") + ".json");
        if (!Files.isRegularFile(sidecar)) {
            return said;
        }
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(sidecar.toFile());
        } catch (IOException e) {
            throw new UnusableInputException(
                    "model",
                    "The file \"%s\" beside the model is not readable as JSON: %s. Mend it, or move it away and say --mean and --std."
                            .formatted(sidecar, e.getMessage()),
                    e);
        }
        return new Preprocessing(
                said.size() == null && json.path("inputSize").isInt()
                        ? Integer.valueOf(json.path("inputSize").intValue())
                        : said.size(),
                said.layout(),
                said.channels(),
                said.scale() == null && json.path("scale").isNumber()
                        ? Double.valueOf(json.path("scale").doubleValue())
                        : said.scale(),
                Objects.requireNonNullElseGet(said.mean(), () -> figures(json.path("mean"))),
                Objects.requireNonNullElseGet(said.std(), () -> figures(json.path("std"))),
                said.outputKind(),
                said.output());
    }

    private static @Nullable List<Double> figures(JsonNode node) {
        if (!node.isArray()) {
            return null;
        }
        List<Double> figures = new ArrayList<>();
        node.forEach(figure -> figures.add(figure.doubleValue()));
        return figures;
    }
}
