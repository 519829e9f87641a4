package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts graphs together that may compute in part the same from the same inputs: that part is there once. */
final class SharedNodes {

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<ByteString, String> weights = new HashMap<>();
    private final Map<NodeProto, List<String>> nodes = new HashMap<>();
    private final Map<String, String> same = new HashMap<>();

    /**
     * Adds a graph whose names are not taken, but for those of shared inputs.
     *
     * @return the tensor that is its output
     */
    String add(GraphProto other) {
        for (TensorProto weight : other.getInitializerList()) {
            ByteString content =
                    weight.toBuilder().clearName().clearDocString().build().toByteString();
            String first = weights.putIfAbsent(content, weight.getName());
            if (first == null) {
                graph.addInitializer(weight);
            } else {
                same.put(weight.getName(), first);
            }
        }
        graph.addAllSparseInitializer(other.getSparseInitializerList());
        graph.addAllQuantizationAnnotation(other.getQuantizationAnnotationList());
        other.getNodeList().forEach(this::add);
        String output = other.getOutput(0).getName();
        return same.getOrDefault(output, output);
    }

    private void add(NodeProto node) {
        if (node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0)) {
            // what its graphs take from outside is not in its list of inputs: the names there must stay
            graph.addNode(new Prefixing("", same).of(node));
            return;
        }
        NodeProto.Builder resolved = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            resolved.setInput(i, same.getOrDefault(node.getInput(i), node.getInput(i)));
        }
        List<String> first =
                node.getOpType().startsWith("Random") || node.getOpType().equals("Bernoulli")
                        ? null
                        : nodes.putIfAbsent(what(resolved), node.getOutputList());
        if (first == null) {
            graph.addNode(resolved);
            return;
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            same.put(node.getOutput(i), first.get(i));
        }
    }

    /** A node without its names: two of which that is the same compute the same. */
    private static NodeProto what(NodeProto.Builder node) {
        List<AttributeProto> sorted = node.getAttributeList().stream()
                .sorted(Comparator.comparing(AttributeProto::getName))
                .toList();
        NodeProto.Builder what = node.clone().clearName().clearDocString();
        for (int i = 0; i < what.getOutputCount(); i++) {
            what.setOutput(i, node.getOutput(i).isEmpty() ? "" : "made");
        }
        return what.clearAttribute().addAllAttribute(sorted).build();
    }

    GraphProto.Builder graph() {
        return graph;
    }
}
