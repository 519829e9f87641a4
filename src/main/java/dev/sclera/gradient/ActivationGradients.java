package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Elementwise functions of one tensor: the slope times the function's derivative. */
final class ActivationGradients {

    private ActivationGradients() {}

    /** Zero at zero, as PyTorch has it. */
    static void relu(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, slope, pass.graph().above(node.getOutput(0), 0), pass);
    }

    static void leakyRelu(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        float leak = Attributes.real(node, "alpha", 0.01f);
        String positive = graph.multiply(graph.above(node.getInput(0), 0), graph.scalar(1 - leak));
        scaled(node, slope, graph.add("Add", List.of(positive, graph.scalar(leak))), pass);
    }

    /** Zero at the bounds, as PyTorch has it for ReLU6, which is what Clip is in classifiers. */
    static void clip(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String passed = slope;
        if (node.getInputCount() > 1 && !node.getInput(1).isEmpty()) {
            float minimum = Tensors.floats(pass.requireConstant(node, 1))[0];
            passed = graph.multiply(passed, graph.above(node.getOutput(0), minimum));
        }
        if (node.getInputCount() > 2 && !node.getInput(2).isEmpty()) {
            float maximum = Tensors.floats(pass.requireConstant(node, 2))[0];
            passed = graph.multiply(passed, graph.below(node.getOutput(0), maximum));
        }
        pass.add(node.getInput(0), passed);
    }

    static void sigmoid(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        scaled(node, slope, graph.multiply(y, graph.add("Sub", List.of(graph.scalar(1), y))), pass);
    }

    static void hardSigmoid(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        float alpha = Attributes.real(node, "alpha", 0.2f);
        String inside = graph.multiply(graph.above(node.getOutput(0), 0), graph.below(node.getOutput(0), 1));
        scaled(node, slope, graph.multiply(inside, graph.scalar(alpha)), pass);
    }

    /** {@code x · h(x)} with h = clip(x/6 + 1/2, 0, 1): h + x/6 where h is neither 0 nor 1. */
    static void hardSwish(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        String h = graph.add("HardSigmoid", List.of(x), Attributes.of("alpha", 1f / 6), Attributes.of("beta", 0.5f));
        String inside = graph.multiply(graph.above(x, -3), graph.below(x, 3));
        String ramp = graph.multiply(graph.multiply(x, graph.scalar(1.0 / 6)), inside);
        scaled(node, slope, graph.add("Add", List.of(h, ramp)), pass);
    }

    static void tanh(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        scaled(node, slope, graph.add("Sub", List.of(graph.scalar(1), graph.multiply(y, y))), pass);
    }

    static void erf(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String bell = bell(node.getInput(0), -1, graph);
        scaled(node, slope, graph.multiply(bell, graph.scalar(2 / Math.sqrt(Math.PI))), pass);
    }

    /** {@code x · Φ(x)}: Φ + x·φ; in its tanh form the derivative of that form. */
    static void gelu(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        if (Attributes.text(node, "approximate", "none").equals("tanh")) {
            scaled(node, slope, tanhGelu(x, graph), pass);
            return;
        }
        String error = graph.add("Erf", List.of(graph.multiply(x, graph.scalar(Math.sqrt(0.5)))));
        String cumulative = graph.multiply(graph.add("Add", List.of(error, graph.scalar(1))), graph.scalar(0.5));
        String density = graph.multiply(bell(x, -0.5, graph), graph.scalar(1 / Math.sqrt(2 * Math.PI)));
        scaled(node, slope, graph.add("Add", List.of(cumulative, graph.multiply(x, density))), pass);
    }

    private static String tanhGelu(String x, GraphBuilder graph) {
        double c = Math.sqrt(2 / Math.PI);
        String square = graph.multiply(x, x);
        String factor = graph.add("Add", List.of(graph.multiply(square, graph.scalar(c * 0.044715)), graph.scalar(c)));
        String t = graph.add("Tanh", List.of(graph.multiply(x, factor)));
        String half = graph.multiply(graph.add("Add", List.of(t, graph.scalar(1))), graph.scalar(0.5));
        String inner =
                graph.add("Add", List.of(graph.multiply(square, graph.scalar(3 * c * 0.044715)), graph.scalar(c)));
        String steep = graph.add("Sub", List.of(graph.scalar(1), graph.multiply(t, t)));
        String rest = graph.multiply(graph.multiply(graph.multiply(x, steep), inner), graph.scalar(0.5));
        return graph.add("Add", List.of(half, rest));
    }

    static void exp(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, slope, node.getOutput(0), pass);
    }

    static void log(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().add("Div", List.of(slope, node.getInput(0))));
    }

    static void sqrt(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String half = graph.multiply(slope, graph.scalar(0.5));
        pass.add(node.getInput(0), graph.add("Div", List.of(half, node.getOutput(0))));
    }

    static void negate(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().add("Neg", List.of(slope)));
    }

    /** {@code exp(factor · x²)}. */
    private static String bell(String x, double factor, GraphBuilder graph) {
        return graph.add("Exp", List.of(graph.multiply(graph.multiply(x, x), graph.scalar(factor))));
    }

    private static void scaled(NodeProto node, String slope, String derivative, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().multiply(slope, derivative));
    }
}
