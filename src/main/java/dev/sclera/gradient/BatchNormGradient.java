package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Batch normalisation {@code y = scale·x̂ + bias}, {@code x̂ = (x − mean)/√(variance + ε)}. With fixed statistics it is
 * an affine map per channel. With the {@linkplain BatchStatistics batch's own}, mean and variance pass slopes on too
 * (Ioffe and Szegedy 2015, section 3): {@code ∂x = scale/√(variance + ε) · (∂y − mean(∂y) − x̂·mean(∂y·x̂))}.
 */
final class BatchNormGradient implements OperatorGradient {

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        if (Attributes.integer(node, "training_mode", 0) != 0) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" normalises by the batch's own statistics; export the model in evaluation mode."
                            .formatted(node.getName()));
        }
        if (BatchStatistics.areOf(node)) {
            ofTheBatch(node, slope, pass);
        } else {
            fixed(node, slope, pass);
        }
    }

    private static void fixed(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        if (pass.wants(x)) {
            pass.add(x, graph.multiply(slope, constantFactor(node, pass).orElseGet(() -> factor(node, pass))));
        }
        if (pass.wants(node.getInput(1))) {
            String normalised = graph.multiply(centred(node, pass), reciprocalDeviation(node, pass));
            pass.add(node.getInput(1), graph.channelSum(graph.multiply(slope, normalised), pass.shape(x)));
        }
        if (pass.wants(node.getInput(2))) {
            pass.add(node.getInput(2), graph.channelSum(slope, pass.shape(x)));
        }
    }

    private static void ofTheBatch(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        long[] shape = pass.shape(x);
        long[] broadcast = perChannel(shape);
        String normalised = graph.multiply(centred(node, pass), reciprocalDeviation(node, pass));
        String ofScale = graph.channelSum(graph.multiply(slope, normalised), shape);
        String ofBias = graph.channelSum(slope, shape);
        pass.add(node.getInput(1), ofScale);
        pass.add(node.getInput(2), ofBias);
        if (pass.wants(x)) {
            String share = graph.scalar((double) shape[1] / Tensors.size(shape));
            String mean = graph.reshape(graph.multiply(ofBias, share), broadcast);
            String parallel = graph.multiply(normalised, graph.reshape(graph.multiply(ofScale, share), broadcast));
            String free = graph.add("Sub", List.of(graph.add("Sub", List.of(slope, mean)), parallel));
            pass.add(x, graph.multiply(free, factor(node, pass)));
        }
    }

    /** {@code scale/√(variance + ε)}, where both are constants. */
    private static Optional<String> constantFactor(NodeProto node, BackwardPass pass) {
        Optional<TensorProto> scale = pass.constant(node.getInput(1));
        Optional<TensorProto> variance = pass.constant(node.getInput(4));
        if (scale.isEmpty() || variance.isEmpty()) {
            return Optional.empty();
        }
        float epsilon = epsilon(node);
        float[] factor = Tensors.floats(scale.get());
        float[] spread = Tensors.floats(variance.get());
        for (int channel = 0; channel < factor.length; channel++) {
            factor[channel] = (float) (factor[channel] / Math.sqrt((double) spread[channel] + epsilon));
        }
        return Optional.of(pass.graph().floats(factor, perChannel(pass.shape(node.getInput(0)))));
    }

    private static String factor(NodeProto node, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String scale = graph.reshape(node.getInput(1), perChannel(pass.shape(node.getInput(0))));
        return graph.multiply(scale, reciprocalDeviation(node, pass));
    }

    private static String centred(NodeProto node, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String mean = graph.reshape(node.getInput(3), perChannel(pass.shape(node.getInput(0))));
        return graph.add("Sub", List.of(node.getInput(0), mean));
    }

    private static String reciprocalDeviation(NodeProto node, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String variance = graph.add("Add", List.of(node.getInput(4), graph.scalar(epsilon(node))));
        String deviation =
                graph.add("Sqrt", List.of(graph.reshape(variance, perChannel(pass.shape(node.getInput(0))))));
        return graph.add("Reciprocal", List.of(deviation));
    }

    private static float epsilon(NodeProto node) {
        return Attributes.real(node, "epsilon", 1e-5f);
    }

    /** The shape in which a figure per channel is broadcast over a tensor of the given one. */
    static long[] perChannel(long[] shape) {
        return LongStream.range(0, shape.length)
                .map(axis -> axis == 1 ? shape[1] : 1)
                .toArray();
    }
}
