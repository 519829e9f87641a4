package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes convolutions and pooling over one spatial axis as those over two, of which the first has the length 1:
 * {@code [n,c,l]} is taken as {@code [n,c,1,l]}. So there is one set of rules for both, and the fast kernels serve
 * both.
 */
final class PlanarWindows {

    private static final Set<String> WINDOWED = Set.of("Conv", "MaxPool", "AveragePool", "LpPool");

    /** What an attribute with a value per axis has for the added one. */
    private static final Map<String, Long> ADDED =
            Map.of("kernel_shape", 1L, "strides", 1L, "dilations", 1L, "pads", 0L);

    private static final String AXIS = "planar/axis";

    private final GraphProto graph;
    private final Map<String, TensorProto> weights = new LinkedHashMap<>();

    private PlanarWindows(GraphProto graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(weight -> weights.put(weight.getName(), weight));
    }

    /** The model with every such node written over two axes; weights keep their names and values. */
    static ModelProto of(ModelProto model) {
        PlanarWindows windows = new PlanarWindows(model.getGraph());
        boolean linear = model.getGraph().getNodeList().stream().anyMatch(windows::isLinear);
        return linear ? model.toBuilder().setGraph(windows.rewritten()).build() : model;
    }

    private GraphProto rewritten() {
        List<NodeProto> nodes = new ArrayList<>();
        Map<String, TensorProto> lifted = new LinkedHashMap<>(weights);
        for (NodeProto node : graph.getNodeList()) {
            if (isLinear(node)) {
                nodes.addAll(planar(node, lifted));
            } else {
                nodes.add(node);
            }
        }
        lifted.put(AXIS, Tensors.of(AXIS, new long[] {2}, 1));
        return graph.toBuilder()
                .clearNode()
                .addAllNode(nodes)
                .clearInitializer()
                .addAllInitializer(lifted.values())
                .build();
    }

    /** Whether a node works on one spatial axis; one that gives indices too is left as it is. */
    private boolean isLinear(NodeProto node) {
        if (!WINDOWED.contains(node.getOpType()) || node.getOutputCount() > 1) {
            return false;
        }
        return Attributes.integers(node, "kernel_shape")
                .map(kernel -> kernel.length == 1)
                .orElseGet(() -> {
                    TensorProto weight = node.getInputCount() > 1 ? weights.get(node.getInput(1)) : null;
                    return weight != null && weight.getDimsCount() == 3;
                });
    }

    private List<NodeProto> planar(NodeProto node, Map<String, TensorProto> lifted) {
        List<NodeProto> nodes = new ArrayList<>();
        String output = node.getOutput(0);
        NodeProto.Builder planar =
                node.toBuilder().clearAttribute().setInput(0, output + "/data").setOutput(0, output + "/planar");
        nodes.add(change("Unsqueeze", node.getInput(0), output + "/data"));
        TensorProto weight = node.getInputCount() > 1 ? weights.get(node.getInput(1)) : null;
        if (weight != null) {
            String name = isUsedElsewhere(weight.getName()) ? weight.getName() + "/planar" : weight.getName();
            lifted.put(name, lifted(weight, name));
            planar.setInput(1, name);
        } else if (node.getInputCount() > 1) {
            nodes.add(change("Unsqueeze", node.getInput(1), output + "/kernel"));
            planar.setInput(1, output + "/kernel");
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            planar.addAttribute(ADDED.containsKey(attribute.getName()) ? lifted(attribute) : attribute);
        }
        nodes.add(planar.build());
        nodes.add(change("Squeeze", output + "/planar", output));
        return nodes;
    }

    private boolean isUsedElsewhere(String weight) {
        return graph.getNodeList().stream().anyMatch(node -> node.getInputList().contains(weight) && !isLinear(node));
    }

    private static TensorProto lifted(TensorProto weight, String name) {
        return weight.toBuilder()
                .setName(name)
                .clearDims()
                .addDims(weight.getDims(0))
                .addDims(weight.getDims(1))
                .addDims(1)
                .addDims(weight.getDims(2))
                .build();
    }

    private static NodeProto change(String operator, String from, String to) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(to + "/" + operator)
                .addInput(from)
                .addInput(AXIS)
                .addOutput(to)
                .build();
    }

    /** Pads come as befores and afters, each with one for the added axis. */
    private static AttributeProto lifted(AttributeProto attribute) {
        long added = ADDED.get(attribute.getName());
        AttributeProto.Builder lifted = attribute.toBuilder().clearInts();
        for (long value : attribute.getIntsList()) {
            lifted.addInts(added).addInts(value);
        }
        return lifted.build();
    }
}
