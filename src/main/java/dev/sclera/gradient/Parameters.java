package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The parameters of a model: the initializers, float32, that stand where an operator takes weights. Exporters store
 * equal tensors once and have {@code Identity} nodes copy them; each copy is a parameter of its own, as it was in
 * training.
 */
public final class Parameters {

    /** By operator, the inputs where weights stand. */
    private static final Map<String, Set<Integer>> PLACES = Map.ofEntries(
            Map.entry("Conv", Set.of(1, 2)),
            Map.entry("ConvTranspose", Set.of(1, 2)),
            Map.entry("Gemm", Set.of(0, 1, 2)),
            Map.entry("MatMul", Set.of(0, 1)),
            Map.entry("BatchNormalization", Set.of(1, 2)),
            Map.entry("LayerNormalization", Set.of(1, 2)),
            Map.entry("InstanceNormalization", Set.of(1, 2)),
            Map.entry("GroupNormalization", Set.of(1, 2)),
            Map.entry("PRelu", Set.of(1)),
            Map.entry("Add", Set.of(0, 1)),
            Map.entry("Sub", Set.of(0, 1)),
            Map.entry("Mul", Set.of(0, 1)),
            Map.entry("Gather", Set.of(0)),
            Map.entry("Concat", Set.of(0, 1, 2, 3)),
            Map.entry("Expand", Set.of(0)),
            Map.entry("Transpose", Set.of(0)),
            Map.entry("Reshape", Set.of(0)),
            Map.entry("Unsqueeze", Set.of(0)));

    private Parameters() {}

    /**
     * The names of a model's parameters. Constants of arithmetic of more than one value, as an attention's mask, look
     * like parameters; only their names tell them apart.
     */
    public static List<String> of(ModelProto model) {
        return all(untied(model)).stream().map(TensorProto::getName).toList();
    }

    /**
     * A model with some of its weights replaced; all else is as it was, and stored as it was.
     *
     * @param original the model as its owner made it
     * @param values by name of a parameter or a running statistic, its new values in row-major order
     * @throws IllegalArgumentException where a name or a size is not the model's
     */
    public static ModelProto write(ModelProto original, Map<String, float[]> values) {
        GraphProto.Builder graph = original.getGraph().toBuilder();
        Set<String> left = new HashSet<>(values.keySet());
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto weight = graph.getInitializer(i);
            if (left.remove(weight.getName())) {
                graph.setInitializer(i, replaced(weight, values.get(weight.getName())));
            }
        }
        Map<String, TensorProto> weights = byName(original.getGraph());
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (isCopy(node, weights.keySet()) && left.remove(node.getOutput(0))) {
                float[] copy = values.get(node.getOutput(0));
                graph.removeNode(i);
                graph.addInitializer(replaced(
                        weights.get(node.getInput(0)).toBuilder()
                                .setName(node.getOutput(0))
                                .build(),
                        copy));
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "the model has no weights named " + String.join(", ", left) + " to write values to");
        }
        return original.toBuilder().setGraph(graph).build();
    }

    private static TensorProto replaced(TensorProto weight, float[] values) {
        if (values.length != Tensors.size(Tensors.shape(weight))) {
            throw new IllegalArgumentException("the weight \"%s\" has %d values, and %d are to be written to it"
                    .formatted(weight.getName(), Tensors.size(Tensors.shape(weight)), values.length));
        }
        if (weight.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            throw new UnsupportedGraphException(
                    "The weight \"%s\" is stored as %s, and only 32-bit floats are written back. Export the model in float32."
                            .formatted(weight.getName(), TensorProto.DataType.forNumber(weight.getDataType())));
        }
        TensorProto.Builder changed = weight.toBuilder();
        if (weight.hasRawData()) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            return changed.setRawData(com.google.protobuf.ByteString.copyFrom(bytes))
                    .build();
        }
        changed.clearFloatData();
        for (float value : values) {
            changed.addFloatData(value);
        }
        return changed.build();
    }

    /** The model with each copy of an initializer made an initializer. */
    static ModelProto untied(ModelProto model) {
        Map<String, TensorProto> weights = byName(model.getGraph());
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (isCopy(node, weights.keySet())) {
                graph.addInitializer(weights.get(node.getInput(0)).toBuilder().setName(node.getOutput(0)));
            } else {
                graph.addNode(node);
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static boolean isCopy(NodeProto node, Set<String> weights) {
        return node.getOpType().equals("Identity") && weights.contains(node.getInput(0));
    }

    private static Map<String, TensorProto> byName(GraphProto graph) {
        Map<String, TensorProto> weights = new HashMap<>();
        graph.getInitializerList().forEach(weight -> weights.put(weight.getName(), weight));
        return weights;
    }

    /** Those parameters of an untied model that a predicate chooses. */
    static List<TensorProto> chosen(ModelProto untied, Predicate<String> names) {
        List<TensorProto> chosen = all(untied).stream()
                .filter(weight -> names.test(weight.getName()))
                .toList();
        if (chosen.isEmpty()) {
            throw new UnsupportedGraphException("None of the model's parameters is chosen for training. It has: %s."
                    .formatted(String.join(", ", of(untied))));
        }
        return chosen;
    }

    private static List<TensorProto> all(ModelProto untied) {
        Set<String> placed = new HashSet<>();
        Set<String> elsewhere = new HashSet<>();
        for (NodeProto node : untied.getGraph().getNodeList()) {
            Set<Integer> places = PLACES.getOrDefault(node.getOpType(), Set.of());
            for (int i = 0; i < node.getInputCount(); i++) {
                (places.contains(i) ? placed : elsewhere).add(node.getInput(i));
            }
        }
        return untied.getGraph().getInitializerList().stream()
                .filter(weight -> weight.getDataType() == TensorProto.DataType.FLOAT_VALUE)
                .filter(weight -> placed.contains(weight.getName()) && !elsewhere.contains(weight.getName()))
                .filter(weight -> Tensors.size(Tensors.shape(weight)) > 1 || !isScalar(weight))
                .toList();
    }

    /** A scalar is a constant of arithmetic; a bias of one channel is a vector of one. */
    private static boolean isScalar(TensorProto weight) {
        return weight.getDimsCount() == 0;
    }

    /** The model with some initializers made inputs, so that they stay as they are when constants are folded. */
    static ModelProto freed(ModelProto untied, Collection<TensorProto> weights) {
        Map<String, TensorProto> freed = new LinkedHashMap<>();
        weights.forEach(weight -> freed.put(weight.getName(), weight));
        GraphProto graph = untied.getGraph();
        List<ValueInfoProto> inputs = graph.getInputList().stream()
                .filter(input -> !freed.containsKey(input.getName()))
                .collect(Collectors.toList());
        freed.values()
                .forEach(
                        weight -> inputs.add(Values.of(weight.getName(), weight.getDataType(), Tensors.shape(weight))));
        return untied.toBuilder()
                .setGraph(graph.toBuilder()
                        .clearInput()
                        .addAllInput(inputs)
                        .clearInitializer()
                        .addAllInitializer(graph.getInitializerList().stream()
                                .filter(weight -> !freed.containsKey(weight.getName()))
                                .toList()))
                .build();
    }
}
