package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a concatenation that begins as an earlier one does as that one and the rest. In a dense block (Huang et al.
 * 2017, section 3) every layer reads all features before it; written so, each adds its slope to one growing sum, where
 * it would else add a slice for each of those features.
 */
final class NestedConcats {

    private final List<NodeProto> earlier = new ArrayList<>();

    private NestedConcats() {}

    /** The model with its concatenations nested; values are the same. */
    static ModelProto of(ModelProto model) {
        NestedConcats nested = new NestedConcats();
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
        for (NodeProto node : model.getGraph().getNodeList()) {
            graph.addNode(node.getOpType().equals("Concat") ? nested.nested(node) : node);
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private NodeProto nested(NodeProto concat) {
        NodeProto longest = concat;
        for (NodeProto other : earlier) {
            boolean longer = longest == concat || other.getInputCount() > longest.getInputCount();
            if (longer && begins(concat, other)) {
                longest = other;
            }
        }
        earlier.add(concat);
        if (longest == concat) {
            return concat;
        }
        return concat.toBuilder()
                .clearInput()
                .addInput(longest.getOutput(0))
                .addAllInput(concat.getInputList().subList(longest.getInputCount(), concat.getInputCount()))
                .build();
    }

    private static boolean begins(NodeProto concat, NodeProto other) {
        int count = other.getInputCount();
        return count > 1
                && count < concat.getInputCount()
                && concat.getInputList().subList(0, count).equals(other.getInputList())
                && Attributes.integer(concat, "axis", 0) == Attributes.integer(other, "axis", 0);
    }
}
