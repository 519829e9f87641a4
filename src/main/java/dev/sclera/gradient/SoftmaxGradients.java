package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** The softmax along one axis, and its logarithm. */
final class SoftmaxGradients {

    private SoftmaxGradients() {}

    /** {@code y·(slope − Σ slope·y)}. */
    static void softmax(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String y = node.getOutput(0);
        String weighted = graph.multiply(slope, y);
        String common = graph.multiply(y, graph.sum(weighted, true, axis(node, pass)));
        pass.add(node.getInput(0), graph.minus(weighted, common));
    }

    /** {@code slope − eʸ·Σ slope}. */
    static void logarithm(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String probabilities = graph.add("Exp", List.of(node.getOutput(0)));
        String common = graph.multiply(probabilities, graph.sum(slope, true, axis(node, pass)));
        pass.add(node.getInput(0), graph.minus(slope, common));
    }

    private static long axis(NodeProto node, BackwardPass pass) {
        long rank = pass.shape(node.getInput(0)).length;
        long axis = Math.floorMod(Attributes.integer(node, "axis", pass.opset() >= 13 ? -1 : 1), rank);
        if (pass.opset() < 13 && axis != rank - 1) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" is a %s over several axes, as before opset 13; convert the model to opset 13."
                            .formatted(node.getName(), node.getOpType()));
        }
        return axis;
    }
}
