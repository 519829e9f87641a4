package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import dev.sclera.store.Recipe;
import java.util.Map;
import java.util.TreeMap;

/**
 * A grader in the store.
 *
 * @param name the name under which it is kept
 * @param sha256 the digest of its ONNX file
 * @param descriptor how it is fed and read
 */
public record Model(String name, String sha256, ModelDescriptor descriptor) {

    public Model {
        requireNonNull(name, "name is null");
        requireNonNull(sha256, "sha256 is null");
        requireNonNull(descriptor, "descriptor is null");
    }

    /** What determines its answers, whatever its name: the file and the way it is fed. */
    public String id() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("input", descriptor.input());
        parameters.put("output", descriptor.output());
        parameters.put("height", descriptor.height());
        parameters.put("width", descriptor.width());
        parameters.put("layout", descriptor.layout().name());
        parameters.put("channels", descriptor.channels().name());
        parameters.put("scale", descriptor.scale());
        parameters.put("mean", descriptor.mean());
        parameters.put("std", descriptor.std());
        parameters.put("outputKind", descriptor.outputKind().name());
        parameters.put("grades", descriptor.grades());
        return new Recipe("model/1", parameters, Map.of("onnx", sha256)).id();
    }
}
