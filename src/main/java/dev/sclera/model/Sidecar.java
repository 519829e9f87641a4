package dev.sclera.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                said.size() == null ? size(sidecar, json.path("inputSize")) : said.size(),
                said.layout(),
                said.channels(),
                said.scale() == null ? scale(sidecar, json.path("scale")) : said.scale(),
                said.mean() == null ? figures(sidecar, json, "mean") : said.mean(),
                said.std() == null ? figures(sidecar, json, "std") : said.std(),
                said.outputKind(),
                said.output());
    }

    private static @Nullable Integer size(Path sidecar, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isInt()) {
            throw wrong(sidecar, "inputSize", node, "one whole number of pixels");
        }
        return node.intValue();
    }

    private static @Nullable Double scale(Path sidecar, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isNumber()) {
            throw wrong(sidecar, "scale", node, "one number");
        }
        return node.doubleValue();
    }

    private static @Nullable List<Double> figures(Path sidecar, JsonNode json, String field) {
        JsonNode node = json.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        List<Double> figures = new ArrayList<>();
        for (JsonNode figure : node.isArray() ? node : List.of(node)) {
            if (!figure.isNumber()) {
                throw wrong(sidecar, field, node, "one number, or three: one per channel");
            }
            figures.add(figure.doubleValue());
        }
        return figures;
    }

    /** A figure that is skipped or taken for 0 would feed the model other pixels than it was trained on. */
    private static UnusableInputException wrong(Path sidecar, String field, JsonNode value, String allowed) {
        return new UnusableInputException(
                "model",
                "In the file \"%s\" beside the model, \"%s\" is %s. Allowed: %s. Mend it, or say the value as an option."
                        .formatted(sidecar, field, value, allowed));
    }
}
