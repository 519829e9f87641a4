package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Activation functions with kinks. At a kink the derivative is the one that PyTorch takes. */
final class ActivationGradients {

    private ActivationGradients() {}

    /** Zero at zero. */
    static void relu(NodeProto node, String slope, BackwardPass pass) {
        UnaryGradients.scaled(node, slope, pass.graph().above(node.getOutput(0), 0), pass);
    }

    static void leakyRelu(NodeProto node, String slope, BackwardPass pass) {
        float leak = Attributes.real(node, "alpha", 0.01f);
        String positive = pass.graph().above(node.getInput(0), 0);
        UnaryGradients.scaled(node, slope, either(positive, 1 - leak, leak, pass.graph()), pass);
    }

    /** Zero at the threshold. */
    static void thresholdedRelu(NodeProto node, String slope, BackwardPass pass) {
        float threshold = Attributes.real(node, "alpha", 1f);
        UnaryGradients.scaled(node, slope, pass.graph().above(node.getInput(0), threshold), pass);
    }

    /** The leak is a tensor; its own derivative is x where that is negative. */
    static void parametricRelu(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        String leak = node.getInput(1);
        if (pass.wants(x)) {
            String rest = graph.minus(graph.scalar(1), leak);
            pass.add(x, graph.multiply(slope, graph.plus(graph.multiply(graph.above(x, 0), rest), leak)));
        }
        if (pass.wants(leak)) {
            String negative = graph.add("Min", List.of(x, graph.scalar(0)));
            pass.add(leak, graph.reduceTo(graph.multiply(slope, negative), pass.shape(x), pass.shape(leak)));
        }
    }

    /** {@code alpha·(eˣ − 1)} below zero, which has the derivative y + alpha. */
    static void elu(NodeProto node, String slope, BackwardPass pass) {
        float alpha = Attributes.real(node, "alpha", 1f);
        exponential(node, slope, 1, alpha, 1, pass);
    }

    static void selu(NodeProto node, String slope, BackwardPass pass) {
        float alpha = Attributes.real(node, "alpha", 1.67326319217681884765625f);
        float gamma = Attributes.real(node, "gamma", 1.05070102214813232421875f);
        exponential(node, slope, 1, alpha * gamma, gamma, pass);
    }

    /** {@code alpha·(exp(x/alpha) − 1)} below zero, which has the derivative y/alpha + 1. */
    static void celu(NodeProto node, String slope, BackwardPass pass) {
        float alpha = Attributes.real(node, "alpha", 1f);
        exponential(node, slope, 1 / alpha, 1, 1, pass);
    }

    /** {@code factor·y + low} up to zero, {@code high} above. */
    private static void exponential(
            NodeProto node, String slope, double factor, double low, double high, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        String negative = graph.times(graph.add("Min", List.of(y, graph.scalar(0))), factor);
        String summand = high == low ? graph.scalar(low) : either(graph.above(y, 0), high - low, low, graph);
        UnaryGradients.scaled(node, slope, graph.plus(negative, summand), pass);
    }

    /** {@code mask·factor + summand}. */
    private static String either(String mask, double factor, double summand, GraphBuilder graph) {
        return graph.plus(graph.times(mask, factor), summand);
    }

    /**
     * Zero at the bounds, as for ReLU6, which is what Clip is in classifiers; {@code torch.clamp}, which is exported as
     * Clip too, lets the slope through there.
     */
    static void clip(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        String passed = slope;
        if (has(node, 1)) {
            passed = graph.multiply(passed, bound(node, 1, true, pass));
        }
        if (has(node, 2)) {
            passed = graph.multiply(passed, bound(node, 2, false, pass));
        }
        pass.add(x, passed);
    }

    private static boolean has(NodeProto node, int input) {
        return node.getInputCount() > input && !node.getInput(input).isEmpty();
    }

    private static String bound(NodeProto node, int input, boolean lower, BackwardPass pass) {
        if (pass.wants(node.getInput(input))) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (Clip) has a bound that is itself differentiated; its gradient is known for fixed bounds. Write it as Max and Min."
                            .formatted(node.getName()));
        }
        float bound = Tensors.floats(pass.requireConstant(node, input))[0];
        GraphBuilder graph = pass.graph();
        return lower ? graph.above(node.getOutput(0), bound) : graph.below(node.getOutput(0), bound);
    }

    static void hardSigmoid(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        String inside = graph.multiply(graph.above(y, 0), graph.below(y, 1));
        UnaryGradients.scaled(node, slope, graph.times(inside, Attributes.real(node, "alpha", 0.2f)), pass);
    }

    /** {@code x · h(x)} with h = clip(x/6 + 1/2, 0, 1): h + x/6 where h is neither 0 nor 1. */
    static void hardSwish(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        String h = graph.add("HardSigmoid", List.of(x), Attributes.of("alpha", 1f / 6), Attributes.of("beta", 0.5f));
        String inside = graph.multiply(graph.above(x, -3), graph.below(x, 3));
        String ramp = graph.multiply(graph.times(x, 1.0 / 6), inside);
        UnaryGradients.scaled(node, slope, graph.plus(h, ramp), pass);
    }
}
