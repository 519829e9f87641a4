package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.List;

/**
 * Quantised tensors: the forward pass rounds, the slope passes as if it did not, but not where a value was clamped
 * (straight-through estimator: Bengio et al. 2013, arXiv 1308.3432, section 4; the clamp as in Jacob et al. 2018 and in
 * PyTorch's fake quantisation).
 */
final class QuantizationGradients {

    private QuantizationGradients() {}

    /** {@code q = clamp(round(x / scale) + zero)}: slope / scale where x was not clamped. */
    static void quantize(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        float[] scales = Tensors.floats(pass.requireConstant(node, 1));
        boolean zeroed = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
        int type = zeroed
                ? pass.requireConstant(node, 2).getDataType()
                : (int) Attributes.integer(node, "output_dtype", TensorProto.DataType.UINT8_VALUE);
        long[] zeros = zeroed ? Tensors.integers(pass.requireConstant(node, 2)) : new long[] {0};
        long[] range = range(type, node);
        float[] lows = new float[scales.length];
        float[] highs = new float[scales.length];
        for (int i = 0; i < scales.length; i++) {
            long zero = zeros[zeros.length == 1 ? 0 : i];
            // half a step beyond the last value still rounds to it
            lows[i] = (float) ((range[0] - zero - 0.5) * scales[i]);
            highs[i] = (float) ((range[1] - zero + 0.5) * scales[i]);
        }
        String inside;
        if (scales.length == 1) {
            inside = graph.multiply(graph.above(x, lows[0]), graph.below(x, highs[0]));
        } else {
            String above = graph.add("Sub", List.of(x, perAxis(node, lows, pass)));
            String below = graph.add("Sub", List.of(x, perAxis(node, highs, pass)));
            inside = graph.multiply(graph.above(above, 0), graph.below(below, 0));
        }
        String through = graph.add("Div", List.of(slope, perAxis(node, scales, pass)));
        pass.add(x, graph.multiply(through, inside));
    }

    /** {@code x = (q − zero) · scale}: slope · scale. */
    static void dequantize(NodeProto node, String slope, BackwardPass pass) {
        float[] scales = Tensors.floats(pass.requireConstant(node, 1));
        pass.add(node.getInput(0), pass.graph().multiply(slope, perAxis(node, scales, pass)));
    }

    /** A scalar, or a vector laid along the node's axis. */
    private static String perAxis(NodeProto node, float[] values, BackwardPass pass) {
        if (values.length == 1) {
            return pass.graph().scalar(values[0]);
        }
        if (Attributes.integer(node, "block_size", 0) != 0) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (%s) quantises in blocks; the gradient is known for one scale per tensor or per channel."
                            .formatted(node.getName(), node.getOpType()));
        }
        long[] shape = new long[pass.shape(node.getInput(0)).length];
        Arrays.fill(shape, 1);
        shape[(int) Math.floorMod(Attributes.integer(node, "axis", 1), (long) shape.length)] = values.length;
        return pass.graph().floats(values, shape);
    }

    private static long[] range(int type, NodeProto node) {
        return switch (type) {
            case TensorProto.DataType.INT8_VALUE -> new long[] {-128, 127};
            case TensorProto.DataType.UINT8_VALUE -> new long[] {0, 255};
            case TensorProto.DataType.INT16_VALUE -> new long[] {-32768, 32767};
            case TensorProto.DataType.UINT16_VALUE -> new long[] {0, 65535};
            default ->
                throw new UnsupportedGraphException(
                        "The node \"%s\" quantises to %s; the gradient is known for integers of 8 and 16 bits. Quantise the model to INT8."
                                .formatted(node.getName(), TensorProto.DataType.forNumber(type)));
        };
    }
}
