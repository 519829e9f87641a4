package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Smooth activations that weigh x by a sigmoid-like function of itself. */
final class GeluGradients {

    private GeluGradients() {}

    /** {@code x · Φ(x)}: Φ + x·φ; in its tanh form the derivative of that form. */
    static void gelu(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        if (Attributes.text(node, "approximate", "none").equals("tanh")) {
            UnaryGradients.scaled(node, slope, tanhGelu(x, graph), pass);
            return;
        }
        String error = graph.add("Erf", List.of(graph.times(x, Math.sqrt(0.5))));
        String cumulative = graph.times(graph.plus(error, 1), 0.5);
        String density = graph.times(UnaryGradients.bell(x, -0.5, graph), 1 / Math.sqrt(2 * Math.PI));
        UnaryGradients.scaled(node, slope, graph.plus(cumulative, graph.multiply(x, density)), pass);
    }

    /** {@code x·(1 + t)/2} with t = tanh(c·(x + 0.044715·x³)): (1 + t)/2 + x·(1 − t²)·t'/2. */
    private static String tanhGelu(String x, GraphBuilder graph) {
        double c = Math.sqrt(2 / Math.PI);
        String square = graph.multiply(x, x);
        String factor = graph.plus(graph.times(square, c * 0.044715), c);
        String t = graph.add("Tanh", List.of(graph.multiply(x, factor)));
        String half = graph.times(graph.plus(t, 1), 0.5);
        String inner = graph.plus(graph.times(square, 3 * c * 0.044715), c);
        String steep = graph.minus(graph.scalar(1), graph.multiply(t, t));
        return graph.plus(half, graph.times(graph.multiply(graph.multiply(x, steep), inner), 0.5));
    }

    /** {@code x·t} with t = tanh(softplus(x)): t + x·(1 − t²)·sigmoid(x). */
    static void mish(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        String t = graph.add("Tanh", List.of(graph.add("Softplus", List.of(x))));
        String steep = graph.minus(graph.scalar(1), graph.multiply(t, t));
        String inner = graph.multiply(x, graph.add("Sigmoid", List.of(x)));
        UnaryGradients.scaled(node, slope, graph.plus(t, graph.multiply(inner, steep)), pass);
    }
}
