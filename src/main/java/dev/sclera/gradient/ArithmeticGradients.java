package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Elementwise arithmetic on tensors, any of which may be broadcast. */
final class ArithmeticGradients {

    private ArithmeticGradients() {}

    /** Of two, or of any number. */
    static void add(NodeProto node, String slope, BackwardPass pass) {
        for (int i = 0; i < node.getInputCount(); i++) {
            contribute(node, i, slope, pass);
        }
    }

    static void mean(NodeProto node, String slope, BackwardPass pass) {
        add(node, pass.graph().times(slope, 1.0 / node.getInputCount()), pass);
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
        String shared = graph.divide(slope, node.getInput(1));
        contribute(node, 0, shared, pass);
        if (pass.wants(node.getInput(1))) {
            // ∂(a/b)/∂b = −(a/b)/b
            contribute(node, 1, graph.add("Neg", List.of(graph.multiply(shared, node.getOutput(0)))), pass);
        }
    }

    static void contribute(NodeProto node, int input, String slope, BackwardPass pass) {
        String tensor = node.getInput(input);
        if (pass.wants(tensor)) {
            pass.add(tensor, pass.graph().reduceTo(slope, pass.shape(node.getOutput(0)), pass.shape(tensor)));
        }
    }
}
