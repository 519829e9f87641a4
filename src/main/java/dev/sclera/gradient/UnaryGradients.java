package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Elementary functions of one tensor: the slope times the function's derivative. */
final class UnaryGradients {

    private UnaryGradients() {}

    static void exp(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, slope, node.getOutput(0), pass);
    }

    static void log(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().divide(slope, node.getInput(0)));
    }

    /** Infinite at zero, as in PyTorch. */
    static void sqrt(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        pass.add(node.getInput(0), graph.divide(graph.times(slope, 0.5), node.getOutput(0)));
    }

    /** {@code −y²}. */
    static void reciprocal(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        scaled(node, slope, graph.add("Neg", List.of(graph.multiply(y, y))), pass);
    }

    static void negate(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().add("Neg", List.of(slope)));
    }

    /** Zero at zero, as in PyTorch. */
    static void absolute(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, slope, pass.graph().add("Sign", List.of(node.getInput(0))), pass);
    }

    static void sine(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, slope, pass.graph().add("Cos", List.of(node.getInput(0))), pass);
    }

    static void cosine(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        scaled(node, slope, graph.add("Neg", List.of(graph.add("Sin", List.of(node.getInput(0))))), pass);
    }

    static void tanh(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        scaled(node, slope, graph.minus(graph.scalar(1), graph.multiply(y, y)), pass);
    }

    static void sigmoid(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        scaled(node, slope, graph.multiply(y, graph.minus(graph.scalar(1), y)), pass);
    }

    static void softplus(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, slope, pass.graph().add("Sigmoid", List.of(node.getInput(0))), pass);
    }

    /** {@code x/(1 + |x|)}: 1/(1 + |x|)². */
    static void softsign(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String width = graph.plus(graph.add("Abs", List.of(node.getInput(0))), 1);
        pass.add(node.getInput(0), graph.divide(graph.divide(slope, width), width));
    }

    static void erf(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String bell = bell(node.getInput(0), -1, graph);
        scaled(node, slope, graph.times(bell, 2 / Math.sqrt(Math.PI)), pass);
    }

    /** {@code exp(factor · x²)}. */
    static String bell(String x, double factor, GraphBuilder graph) {
        return graph.add("Exp", List.of(graph.times(graph.multiply(x, x), factor)));
    }

    static void scaled(NodeProto node, String slope, String derivative, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().multiply(slope, derivative));
    }
}
