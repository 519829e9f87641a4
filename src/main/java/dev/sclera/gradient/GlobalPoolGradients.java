package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;

/** Pooling of each channel's positions into one. */
final class GlobalPoolGradients {

    private GlobalPoolGradients() {}

    /** Of equals the first in reading order has the slope, as in PyTorch. */
    static void maximum(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long count = Arrays.stream(x).skip(2).reduce(1, (a, b) -> a * b);
        String flat = graph.reshape(node.getInput(0), x[0], x[1], count);
        String first = graph.add("ArgMax", List.of(flat), Attributes.of("axis", 2L), Attributes.of("keepdims", 0L));
        String picked = graph.add("OneHot", List.of(first, graph.longs(count), graph.floats(new float[] {0, 1}, 2)));
        String placed = graph.multiply(picked, graph.reshape(slope, x[0], x[1], 1));
        pass.add(node.getInput(0), graph.reshape(placed, x));
    }

    /** {@code y = (Σ|x|ᵖ)^(1/p)}: sign(x)·(|x|/y)^(p−1); zero where all are zero. */
    static void norm(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long p = Attributes.integer(node, "p", 2);
        String share = LpPoolGradient.share(node, slope, p, graph);
        pass.add(node.getInput(0), graph.multiply(LpPoolGradient.direction(node.getInput(0), p, graph), share));
    }
}
