package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.stream.LongStream;

/** Reductions over axes. */
final class ReductionGradients {

    private ReductionGradients() {}

    static void mean(NodeProto node, String slope, BackwardPass pass) {
        double count = (double) Tensors.size(pass.shape(node.getInput(0))) / Tensors.size(keptShape(node, pass));
        sum(node, pass.graph().times(slope, 1 / count), pass);
    }

    static void sum(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().expand(kept(node, slope, pass), pass.shape(node.getInput(0))));
    }

    /** {@code y = Σ|x|}: the sign; zero at zero, as in PyTorch. */
    static void absolute(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, kept(node, slope, pass), pass.graph().add("Sign", List.of(node.getInput(0))), pass);
    }

    /** {@code y = √Σx²}: x/y; zero at the origin, as in PyTorch. */
    static void euclidean(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String norm = graph.nonZero(kept(node, node.getOutput(0), pass));
        scaled(node, graph.divide(kept(node, slope, pass), norm), node.getInput(0), pass);
    }

    static void squares(NodeProto node, String slope, BackwardPass pass) {
        scaled(node, kept(node, pass.graph().times(slope, 2), pass), node.getInput(0), pass);
    }

    /** {@code y = log Σx}: 1/Σx. */
    static void logSum(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        sum(node, graph.divide(slope, graph.add("Exp", List.of(node.getOutput(0)))), pass);
    }

    /** {@code y = log Σeˣ}: exp(x − y), which cannot overflow. */
    static void logSumExp(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String distance = graph.minus(node.getInput(0), kept(node, node.getOutput(0), pass));
        scaled(node, kept(node, slope, pass), graph.add("Exp", List.of(distance)), pass);
    }

    /** Equals share the slope, as in {@code torch.amax} and {@code torch.amin}. */
    static void extreme(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String mask = ChoiceGradients.equal(node.getInput(0), kept(node, node.getOutput(0), pass), graph);
        String count = graph.sum(mask, true, axes(node, pass));
        scaled(node, graph.divide(kept(node, slope, pass), count), mask, pass);
    }

    /**
     * The product P of all others. Zeros are counted, and taken as 1: where there is none it is P/x; where there is one
     * it is P there and 0 elsewhere; where there are more it is 0.
     */
    static void product(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        long[] axes = axes(node, pass);
        String isZero = graph.isZero(x);
        String safe = graph.plus(x, isZero);
        String product = graph.product(safe, axes);
        String otherZeros = graph.minus(graph.sum(isZero, true, axes), isZero);
        String counts = graph.add("Relu", List.of(graph.minus(graph.scalar(1), otherZeros)));
        String scaled = graph.multiply(kept(node, slope, pass), product);
        pass.add(x, graph.multiply(graph.divide(scaled, safe), counts));
    }

    private static void scaled(NodeProto node, String kept, String derivative, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().multiply(derivative, kept));
    }

    /** A tensor of the output's shape with the reduced axes kept as 1. */
    private static String kept(NodeProto node, String tensor, BackwardPass pass) {
        return Attributes.integer(node, "keepdims", 1) != 0
                ? tensor
                : pass.graph().reshape(tensor, keptShape(node, pass));
    }

    private static long[] keptShape(NodeProto node, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        for (long axis : axes(node, pass)) {
            shape[(int) axis] = 1;
        }
        return shape;
    }

    private static long[] axes(NodeProto node, BackwardPass pass) {
        int rank = pass.shape(node.getInput(0)).length;
        long[] axes;
        if (node.getInputCount() > 1 && !node.getInput(1).isEmpty()) {
            axes = Tensors.longs(pass.requireConstant(node, 1));
        } else {
            axes = Attributes.integers(node, "axes").orElseGet(() -> new long[0]);
        }
        if (axes.length == 0 && Attributes.integer(node, "noop_with_empty_axes", 0) == 0) {
            return LongStream.range(0, rank).toArray();
        }
        return LongStream.of(axes).map(axis -> Math.floorMod(axis, (long) rank)).toArray();
    }
}
