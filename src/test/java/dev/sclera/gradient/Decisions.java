package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hard decisions of a gradient graph's forward part: what a ReLU or a clip lets through, and which element a
 * maximum takes. Where two orders of summing decide otherwise, gradients differ, and neither is wrong.
 */
final class Decisions {

    private static final Set<String> GATES = Set.of("Relu", "Clip");

    private final ModelProto graph;
    private final Map<String, NodeProto> gates = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();

    private Decisions(ModelProto graph) {
        GraphProto.Builder nodes = graph.getGraph().toBuilder().clearNode().clearOutput();
        Set<String> shown = new LinkedHashSet<>();
        for (NodeProto node : graph.getGraph().getNodeList()) {
            if (node.getOpType().equals("MaxPool")) {
                String indices = node.getOutput(0) + "/indices";
                nodes.addNode(node.toBuilder()
                        .clearOutput()
                        .addOutput(node.getOutput(0))
                        .addOutput(indices));
                nodes.addNode(NodeProto.newBuilder()
                        .setOpType("Cast")
                        .addInput(indices)
                        .addOutput(indices + "/float")
                        .addAttribute(Attributes.of("to", (long) TensorProto.DataType.FLOAT_VALUE)));
                places.put(node.getName(), indices + "/float");
                shown.add(indices + "/float");
            } else {
                nodes.addNode(node);
            }
            if (GATES.contains(node.getOpType())) {
                gates.put(node.getName(), node);
                shown.addAll(List.of(node.getInput(0), node.getOutput(0)));
            }
            if (node.getOutputList().contains(GradientGraph.LOGITS)) {
                break;
            }
        }
        nodes.clearInput().addInput(graph.getGraph().getInput(0));
        Set<String> read = nodes.getNodeList().stream()
                .flatMap(node -> node.getInputList().stream())
                .collect(Collectors.toSet());
        List<TensorProto> weights = nodes.getInitializerList().stream()
                .filter(weight -> read.contains(weight.getName()))
                .toList();
        nodes.clearInitializer().addAllInitializer(weights);
        shown.forEach(tensor -> nodes.addOutput(ValueInfoProto.newBuilder().setName(tensor)));
        this.graph = graph.toBuilder().setGraph(nodes).build();
    }

    static Decisions of(GradientGraph graph) {
        return new Decisions(graph.model());
    }

    /** The model whose outputs show them. */
    ModelProto graph() {
        return graph;
    }

    /** How two runs decide otherwise: a line for each node where they do. */
    List<String> between(Map<String, float[]> one, Map<String, float[]> other) {
        List<String> lines = new ArrayList<>();
        gates.forEach((name, node) -> {
            float[] in = one.get(node.getInput(0));
            float[] otherIn = other.get(node.getInput(0));
            float[] out = one.get(node.getOutput(0));
            float[] otherOut = other.get(node.getOutput(0));
            int count = 0;
            double nearest = 0;
            double noise = 0;
            double largest = 0;
            for (int i = 0; i < in.length; i++) {
                noise = Math.max(noise, Math.abs(in[i] - otherIn[i]));
                largest = Math.max(largest, Math.abs(in[i]));
                if ((in[i] == out[i]) != (otherIn[i] == otherOut[i])) {
                    count++;
                    nearest = Math.max(nearest, Math.abs(in[i] - otherIn[i]));
                }
            }
            if (count > 0) {
                lines.add("%s %s: %d of %d, whose inputs differ by %.1e at most; noise there %.1e, largest %.1e"
                        .formatted(node.getOpType(), name, count, in.length, nearest, noise, largest));
            }
        });
        places.forEach((name, tensor) -> {
            float[] taken = one.get(tensor);
            float[] otherTaken = other.get(tensor);
            int count = 0;
            for (int i = 0; i < taken.length; i++) {
                count += taken[i] == otherTaken[i] ? 0 : 1;
            }
            if (count > 0) {
                lines.add("MaxPool %s: %d of %d".formatted(name, count, taken.length));
            }
        });
        return lines;
    }
}
