package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Has the runtime compute each output of a graph as soon as what it comes of is there. It begins with the last of the
 * nodes that no other reads, computes what that needs, and goes on to the one before: as a backward pass gives them,
 * the slopes of the last layer's parameters would be computed at the very end, and all activations kept until then.
 */
public final class RuntimeOrder {

    private RuntimeOrder() {}

    /** The same graph, the nodes that no other reads at its end, the last of them first. */
    public static ModelProto earlyOutputs(ModelProto model) {
        GraphProto graph = model.getGraph();
        Set<String> read = GraphParts.read(graph.getNodeList());
        List<NodeProto> inner = new ArrayList<>();
        List<NodeProto> last = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOutputList().stream().anyMatch(read::contains)) {
                inner.add(node);
            } else {
                last.add(0, node);
            }
        }
        return model.toBuilder()
                .setGraph(graph.toBuilder().clearNode().addAllNode(inner).addAllNode(last))
                .build();
    }
}
