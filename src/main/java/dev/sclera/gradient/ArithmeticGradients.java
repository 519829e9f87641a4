package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Elementwise arithmetic on two tensors, either of which may be broadcast. */
final class ArithmeticGradients {

    private ArithmeticGradients() {}

    static void add(NodeProto node, String slope, BackwardPass pass) {
        contribute(node, 0, slope, pass);
        contribute(node, 1, slope, pass);
    }

    static void subtract(NodeProto node, String slope, BackwardPass pass) {
        contribute(node, 0, slope, pass);
        if (pass.wants(node.getInput(1))) {
            contribute(node, 1, pass.graph().add("Neg", List.of(slope)), pass);
        }
    }

    static void multiply(NodeProto node, String slope, BackwardPass pass) {
        for (int i = 0; i < 2; i++) {
            if (pass.wants(node.getInput(i))) {
                contribute(node, i, pass.graph().multiply(slope, node.getInput(1 - i)), pass);
            }
        }
    }

    static void divide(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String shared = graph.add("Div", List.of(slope, node.getInput(1)));
        contribute(node, 0, shared, pass);
        if (pass.wants(node.getInput(1))) {
            // ∂(a/b)/∂b = −(a/b)/b
            contribute(node, 1, graph.add("Neg", List.of(graph.multiply(shared, node.getOutput(0)))), pass);
        }
    }

    static void power(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        float[] exponents = Tensors.floats(pass.requireConstant(node, 1));
        if (exponents.length != 1) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" raises to %d different powers, and the gradient of one is known."
                            .formatted(node.getName(), exponents.length));
        }
        String base = node.getInput(0);
        // the square is by far the most common, and needs no power
        String lower = exponents[0] == 2 ? base : graph.add("Pow", List.of(base, graph.scalar(exponents[0] - 1)));
        contribute(node, 0, graph.multiply(slope, graph.multiply(lower, graph.scalar(exponents[0]))), pass);
    }

    private static void contribute(NodeProto node, int input, String slope, BackwardPass pass) {
        String tensor = node.getInput(input);
        if (pass.wants(tensor)) {
            pass.add(tensor, pass.graph().reduceTo(slope, pass.shape(node.getOutput(0)), pass.shape(tensor)));
        }
    }
}
