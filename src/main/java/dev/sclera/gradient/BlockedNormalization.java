package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Normalisation by known statistics: a factor and an addend per channel. */
final class BlockedNormalization {

    private final BlockedGraph graph;
    private final GraphBuilder builder;

    BlockedNormalization(BlockedGraph graph) {
        this.graph = graph;
        this.builder = graph.builder();
    }

    /** A factor and an addend per channel. */
    boolean rewrite(NodeProto node) {
        boolean constant = node.getInputList().stream()
                .skip(1)
                .allMatch(input -> graph.constant(input).isPresent());
        if (!graph.isBlocked(node.getInput(0)) || node.getOutputCount() > 1) {
            return false;
        }
        if (!constant) {
            graph.defer(node.getOutput(0), computedNormalization(node));
            return true;
        }
        float[] scale = floats(node, 1);
        float[] bias = floats(node, 2);
        float[] mean = floats(node, 3);
        float[] variance = floats(node, 4);
        float epsilon = Attributes.real(node, "epsilon", 1e-5f);
        float[] factor = new float[scale.length];
        float[] addend = new float[scale.length];
        for (int channel = 0; channel < factor.length; channel++) {
            double each = scale[channel] / Math.sqrt((double) variance[channel] + epsilon);
            factor[channel] = (float) each;
            addend[channel] = (float) (bias[channel] - mean[channel] * each);
        }
        graph.defer(node.getOutput(0), BlockedConv.affine(node.getInput(0), factor, addend));
        return true;
    }

    private BlockedConv computedNormalization(NodeProto node) {
        String variance = builder.plus(graph.plain(node.getInput(4)), Attributes.real(node, "epsilon", 1e-5f));
        String deviation = builder.add("Sqrt", List.of(variance));
        String factor = builder.divide(graph.plain(node.getInput(1)), deviation);
        String moved = builder.multiply(graph.plain(node.getInput(3)), factor);
        graph.setPlain(factor, factor);
        String addend = builder.minus(graph.plain(node.getInput(2)), moved);
        graph.setPlain(addend, addend);
        return BlockedConv.affine(node.getInput(0), PerChannel.kernel(graph, node.getInput(0), factor), addend);
    }

    private float[] floats(NodeProto node, int input) {
        return Tensors.floats(graph.constant(node.getInput(input)).orElseThrow());
    }
}
