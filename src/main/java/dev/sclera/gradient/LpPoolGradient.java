package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;

/** {@code y = (Σ|x|ᵖ)^(1/p)} over windows: sign(x)·|x|^(p−1) times the windows' {@code slope·y^(1−p)}, summed. */
final class LpPoolGradient implements OperatorGradient {

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long[] y = pass.shape(node.getOutput(0));
        long p = Attributes.integer(node, "p", 2);
        Window[] windows = Window.of(node, x, y, Attributes.perAxis(node, "kernel_shape", 2, 1));
        float[] ones = new float[windows[0].kernel() * windows[1].kernel()];
        Arrays.fill(ones, 1);
        String kernel = graph.floats(ones, 1, 1, windows[0].kernel(), windows[1].kernel());
        String share = graph.reshape(share(node, slope, p, graph), y[0] * y[1], 1, y[2], y[3]);
        String placed = graph.add("ConvTranspose", List.of(share, kernel), ConvGradient.undo(windows, 1));
        String summed = graph.reshape(placed, x);
        pass.add(node.getInput(0), graph.multiply(direction(node.getInput(0), p, graph), summed));
    }

    /** {@code slope·y^(1−p)}; a window of zeros has none, as in PyTorch. */
    static String share(NodeProto node, String slope, long p, GraphBuilder graph) {
        if (p == 1) {
            return slope;
        }
        String y = graph.nonZero(node.getOutput(0));
        return p == 2
                ? graph.divide(slope, y)
                : graph.multiply(slope, graph.add("Pow", List.of(y, graph.scalar(1 - p))));
    }

    /** {@code sign(x)·|x|^(p−1)}. */
    static String direction(String x, long p, GraphBuilder graph) {
        if (p == 2) {
            return x;
        }
        String sign = graph.add("Sign", List.of(x));
        if (p == 1) {
            return sign;
        }
        return graph.multiply(sign, graph.add("Pow", List.of(graph.add("Abs", List.of(x)), graph.scalar(p - 1))));
    }
}
