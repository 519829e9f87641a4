package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.stream.LongStream;

/** Reductions over axes, and the softmax. */
final class ReductionGradients {

    private ReductionGradients() {}

    static void mean(NodeProto node, String slope, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        long count = 1;
        for (long axis : axes(node, pass)) {
            count *= shape[(int) axis];
        }
        GraphBuilder graph = pass.graph();
        String share = graph.multiply(kept(node, slope, pass), graph.scalar(1.0 / count));
        pass.add(node.getInput(0), graph.expand(share, shape));
    }

    static void sum(NodeProto node, String slope, BackwardPass pass) {
        pass.add(node.getInput(0), pass.graph().expand(kept(node, slope, pass), pass.shape(node.getInput(0))));
    }

    /** {@code y = √Σx²}: x/y. */
    static void euclidean(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String norm = graph.reshape(node.getOutput(0), keptShape(node, pass));
        String direction = graph.add("Div", List.of(kept(node, slope, pass), norm));
        pass.add(node.getInput(0), graph.multiply(node.getInput(0), direction));
    }

    /** {@code y·(slope − Σ slope·y)} over the normalised axis. */
    static void softmax(NodeProto node, String slope, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        long axis = Math.floorMod(Attributes.integer(node, "axis", pass.opset() >= 13 ? -1 : 1), (long) shape.length);
        if (pass.opset() < 13 && axis != shape.length - 1) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" is a Softmax over several axes, as before opset 13; convert the model to opset 13."
                            .formatted(node.getName()));
        }
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        String weighted = graph.multiply(slope, y);
        String common = graph.multiply(y, graph.sum(weighted, true, axis));
        pass.add(node.getInput(0), graph.add("Sub", List.of(weighted, common)));
    }

    /** The slope with the reduced axes kept as 1. */
    private static String kept(NodeProto node, String slope, BackwardPass pass) {
        return Attributes.integer(node, "keepdims", 1) != 0
                ? slope
                : pass.graph().reshape(slope, keptShape(node, pass));
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
