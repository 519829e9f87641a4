package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;

/** Operators that take each value from one of their inputs: the slope goes where the value came from. */
final class ChoiceGradients {

    private ChoiceGradients() {}

    static void maximum(NodeProto node, String slope, BackwardPass pass) {
        extreme(node, slope, true, pass);
    }

    static void minimum(NodeProto node, String slope, BackwardPass pass) {
        extreme(node, slope, false, pass);
    }

    /** Equals share the slope, as in {@code torch.maximum} and {@code torch.minimum}. */
    private static void extreme(NodeProto node, String slope, boolean largest, BackwardPass pass) {
        switch (node.getInputCount()) {
            case 1 -> ArithmeticGradients.contribute(node, 0, slope, pass);
            case 2 -> {
                for (int i = 0; i < 2; i++) {
                    if (pass.wants(node.getInput(i))) {
                        String own = node.getInput(i);
                        String other = node.getInput(1 - i);
                        GraphBuilder graph = pass.graph();
                        String share = largest ? graph.shareOfLarger(own, other) : graph.shareOfLarger(other, own);
                        ArithmeticGradients.contribute(node, i, graph.multiply(slope, share), pass);
                    }
                }
            }
            default -> shared(node, slope, pass);
        }
    }

    private static void shared(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        List<String> masks = new ArrayList<>();
        for (String input : node.getInputList()) {
            masks.add(equal(input, node.getOutput(0), graph));
        }
        String share = graph.divide(slope, graph.add("Sum", masks));
        for (int i = 0; i < masks.size(); i++) {
            if (pass.wants(node.getInput(i))) {
                ArithmeticGradients.contribute(node, i, graph.multiply(share, masks.get(i)), pass);
            }
        }
    }

    /** 1 where two tensors are equal, else 0. */
    static String equal(String first, String second, GraphBuilder graph) {
        String equal = graph.add("Equal", List.of(first, second));
        return graph.cast(equal, TensorProto.DataType.FLOAT_VALUE);
    }

    static void where(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String condition = node.getInput(0);
        if (pass.wants(node.getInput(1))) {
            String chosen = graph.add("Where", List.of(condition, slope, graph.scalar(0)));
            ArithmeticGradients.contribute(node, 1, chosen, pass);
        }
        if (pass.wants(node.getInput(2))) {
            String chosen = graph.add("Where", List.of(condition, graph.scalar(0), slope));
            ArithmeticGradients.contribute(node, 2, chosen, pass);
        }
    }

    /** The k largest or smallest values, each from a place of its own. */
    static void top(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        long axis = Attributes.integer(node, "axis", -1);
        pass.add(
                x,
                graph.add(
                        "ScatterElements",
                        List.of(graph.zeros(pass.shape(x)), node.getOutput(1), slope),
                        Attributes.of("axis", axis)));
    }
}
