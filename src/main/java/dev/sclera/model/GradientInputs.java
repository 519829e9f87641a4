package dev.sclera.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sclera.gradient.GradientGraph;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a graph with a loss takes beside images, and how long its rows are.
 *
 * @param labels whether it takes labels
 * @param vector the input of one vector per image, or null where there is none
 * @param vectorLength its length, or 0
 * @param classes how many logits it gives per image, or 0 where it gives none
 */
record GradientInputs(boolean labels, @Nullable String vector, int vectorLength, int classes) {

    static GradientInputs of(ModelProto model) {
        GraphProto graph = model.getGraph();
        List<ValueInfoProto> vectors = graph.getInputList().stream()
                .filter(input -> !input.getName().equals(PreprocessedGraph.IMAGES)
                        && !input.getName().equals(GradientGraph.LABELS))
                .toList();
        if (vectors.size() > 1) {
            throw new IllegalArgumentException("a loss takes one vector per image, not %d".formatted(vectors.size()));
        }
        boolean labels =
                graph.getInputList().stream().anyMatch(input -> input.getName().equals(GradientGraph.LABELS));
        int classes = graph.getOutputList().stream()
                .filter(output -> output.getName().equals(GradientGraph.LOGITS))
                .mapToInt(GradientInputs::length)
                .sum();
        return vectors.isEmpty()
                ? new GradientInputs(labels, null, 0, classes)
                : new GradientInputs(labels, vectors.get(0).getName(), length(vectors.get(0)), classes);
    }

    private static int length(ValueInfoProto rows) {
        List<Dimension> shape = rows.getType().getTensorType().getShape().getDimList();
        return Math.toIntExact(shape.get(1).getDimValue());
    }
}
