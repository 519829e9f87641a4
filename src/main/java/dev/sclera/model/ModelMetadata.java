package dev.sclera.model;

import dev.sclera.problem.UnusableInputException;
import java.util.Map;
import java.util.TreeMap;

/** What an ONNX file says of itself. Anybody may have written it. */
public final class ModelMetadata {

    private ModelMetadata() {}

    /**
     * The properties of a file, by name; of two of one name the last.
     *
     * @param name of the model, for the error's sake
     * @throws UnusableInputException where the bytes are no ONNX file that Sclera can use
     */
    public static Map<String, String> of(String name, byte[] onnx) {
        Map<String, String> properties = new TreeMap<>();
        OnnxFile.parse(name, onnx)
                .proto()
                .getMetadataPropsList()
                .forEach(property -> properties.put(property.getKey(), property.getValue()));
        return properties;
    }
}
