package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Operators that put updates into a tensor: what was overwritten has no slope, and each update that of its place. */
final class ScatterGradients {

    private ScatterGradients() {}

    static void elements(NodeProto node, String slope, BackwardPass pass) {
        AttributeProto axis = Attributes.of("axis", Attributes.integer(node, "axis", 0));
        scatter(node, slope, "GatherElements", pass, axis);
    }

    static void nd(NodeProto node, String slope, BackwardPass pass) {
        scatter(node, slope, "GatherND", pass);
    }

    private static void scatter(
            NodeProto node, String slope, String gather, BackwardPass pass, AttributeProto... attributes) {
        GraphBuilder graph = pass.graph();
        String data = node.getInput(0);
        String indices = node.getInput(1);
        String updates = node.getInput(2);
        String reduction = Attributes.text(node, "reduction", "none");
        if (!reduction.equals("none") && !reduction.equals("add")) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (%s) combines values by \"%s\"; its gradient is known for \"none\" and \"add\"."
                            .formatted(node.getName(), node.getOpType(), reduction));
        }
        if (pass.wants(data)) {
            pass.add(
                    data,
                    reduction.equals("add")
                            ? slope
                            : graph.add(
                                    node.getOpType(),
                                    List.of(slope, indices, graph.zeros(pass.shape(updates))),
                                    attributes));
        }
        if (pass.wants(updates)) {
            pass.add(updates, graph.add(gather, List.of(slope, indices), attributes));
        }
    }
}
