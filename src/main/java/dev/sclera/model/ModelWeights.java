package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.sclera.gradient.Parameters;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts weights into models' files. */
public final class ModelWeights {

    private ModelWeights() {}

    /**
     * A model's file with other weights; inputs, outputs, operators and all else are as they were.
     *
     * @param onnx the file
     * @param weights by name, as {@link TrainingSession#weights} gives them
     * @param metadata added to the file's metadata, in place of entries of the same names
     */
    public static byte[] write(byte[] onnx, Map<String, float[]> weights, Map<String, String> metadata) {
        ModelProto.Builder changed =
                Parameters.write(OnnxFile.parse("original", onnx).proto(), weights).toBuilder();
        List<StringStringEntryProto> kept = changed.getMetadataPropsList().stream()
                .filter(entry -> !metadata.containsKey(entry.getKey()))
                .toList();
        changed.clearMetadataProps().addAllMetadataProps(kept);
        new TreeMap<>(metadata)
                .forEach((key, value) -> changed.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return changed.build().toByteArray();
    }
}
