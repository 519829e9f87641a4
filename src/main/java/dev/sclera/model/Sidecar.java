package dev.sclera.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that a training script leaves beside its model: {@code <model>.json} with {@code inputSize}, {@code mean}
 * and {@code std}, and where they are not the usual ones {@code scale}, {@code layout}, {@code channels},
 * {@code outputKind} and {@code output}; other fields are the script's own business.
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
                said.layout() == null ? choice(sidecar, json, "layout", Layout.class) : said.layout(),
                said.channels() == null ? choice(sidecar, json, "channels", Channels.class) : said.channels(),
                said.scale() == null ? scale(sidecar, json.path("scale")) : said.scale(),
                said.mean() == null ? figures(sidecar, json, "mean") : said.mean(),
                said.std() == null ? figures(sidecar, json, "std") : said.std(),
                said.outputKind() == null ? choice(sidecar, json, "outputKind", OutputKind.class) : said.outputKind(),
                said.output() == null ? text(sidecar, json, "output") : said.output());
    }

    /** What is to stand beside a model's file for {@link #complete} to read it as it is described. */
    static byte[] of(ModelDescriptor descriptor) {
        Map<String, Object> said = new LinkedHashMap<>();
        if (descriptor.height() == descriptor.width()) {
            said.put("inputSize", descriptor.height());
        }
        said.put("mean", descriptor.mean());
        said.put("std", descriptor.std());
        said.put("scale", descriptor.scale());
        said.put("layout", descriptor.layout());
        said.put("channels", descriptor.channels());
        said.put("outputKind", descriptor.outputKind());
        said.put("output", descriptor.output());
        return JsonFormat.write(said);
    }

    private static <T extends Enum<T>> @Nullable T choice(Path sidecar, JsonNode json, String field, Class<T> choices) {
        String said = text(sidecar, json, field);
        if (said == null) {
            return null;
        }
        return Arrays.stream(choices.getEnumConstants())
                .filter(choice -> choice.name().equals(said))
                .findFirst()
                .orElseThrow(() -> wrong(
                        sidecar,
                        field,
                        json.path(field),
                        Arrays.stream(choices.getEnumConstants())
                                .map(Enum::name)
                                .collect(Collectors.joining(", "))));
    }

    private static @Nullable String text(Path sidecar, JsonNode json, String field) {
        JsonNode node = json.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong(sidecar, field, node, "text");
        }
        return node.textValue();
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
