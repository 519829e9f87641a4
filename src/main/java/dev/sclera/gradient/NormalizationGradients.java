package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Normalisations by a tensor's own statistics, {@code y = scale·n + bias} with n = (x − mean)/deviation. */
final class NormalizationGradients {

    private NormalizationGradients() {}

    /** Over the last axes. */
    static void layer(NodeProto node, String slope, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        long first = Math.floorMod(Attributes.integer(node, "axis", -1), (long) shape.length);
        long[] axes = LongStream.range(first, shape.length).toArray();
        long[] parameters = pass.shape(node.getInput(1));
        new Normalised(node, shape, axes, parameters, pass).backward(slope);
    }

    /** Over each channel's positions. */
    static void instance(NodeProto node, String slope, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        long[] parameters = new long[shape.length];
        Arrays.fill(parameters, 1);
        parameters[1] = shape[1];
        long[] axes = LongStream.range(2, shape.length).toArray();
        new Normalised(node, shape, axes, parameters, pass).backward(slope);
    }

    /** Over groups of channels; up to opset 20 a scale is a group's, then a channel's. */
    static void group(NodeProto node, String slope, BackwardPass pass) {
        long[] whole = pass.shape(node.getInput(0));
        long groups = Attributes.integer(node, "num_groups", 1);
        long positions = Tensors.size(whole) / whole[0] / whole[1];
        long[] shape = {whole[0], groups, whole[1] / groups, positions};
        long scales = Tensors.size(pass.shape(node.getInput(1)));
        long[] parameters = {1, groups, scales / groups, 1};
        new Normalised(node, shape, new long[] {2, 3}, parameters, pass).backward(slope);
    }

    /**
     * A normalisation in the form in which it is computed.
     *
     * @param shape of the data
     * @param axes over which the statistics go
     * @param parameters the shape of scale and bias as they are broadcast
     */
    private record Normalised(NodeProto node, long[] shape, long[] axes, long[] parameters, BackwardPass pass) {

        /** With g = slope·scale it is {@code (g − mean(g) − n·mean(g·n)) / deviation}. */
        void backward(String given) {
            GraphBuilder graph = pass.graph();
            String slope = as(given, pass.shape(node.getInput(0)), shape);
            String x = as(node.getInput(0), pass.shape(node.getInput(0)), shape);
            String centred = graph.minus(x, graph.mean(x, axes));
            String variance = graph.mean(graph.multiply(centred, centred), axes);
            String deviation =
                    graph.add("Sqrt", List.of(graph.plus(variance, Attributes.real(node, "epsilon", 1e-5f))));
            String normalised = graph.divide(centred, deviation);
            if (pass.wants(node.getInput(0))) {
                String scale = as(node.getInput(1), pass.shape(node.getInput(1)), parameters);
                String scaled = graph.multiply(slope, scale);
                String parallel = graph.multiply(normalised, graph.mean(graph.multiply(scaled, normalised), axes));
                String free = graph.minus(scaled, graph.mean(scaled, axes));
                String back = graph.divide(graph.minus(free, parallel), deviation);
                pass.add(node.getInput(0), as(back, shape, pass.shape(node.getInput(0))));
            }
            if (pass.wants(node.getInput(1))) {
                parameter(1, graph.multiply(slope, normalised));
            }
            if (node.getInputCount() > 2 && pass.wants(node.getInput(2))) {
                parameter(2, slope);
            }
        }

        private void parameter(int input, String slope) {
            String reduced = pass.graph().reduceTo(slope, shape, parameters);
            pass.add(node.getInput(input), as(reduced, parameters, pass.shape(node.getInput(input))));
        }

        private String as(String tensor, long[] from, long[] to) {
            return Arrays.equals(from, to) ? tensor : pass.graph().reshape(tensor, to);
        }
    }

    /**
     * {@code y = x·d^−beta} with d = bias + alpha·mean(x²) over neighbouring channels: {@code slope·d^−beta −
     * 2·alpha·beta·x·mean'(slope·x·d^−(beta+1))}, where mean' looks the other way.
     */
    static void acrossChannels(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        long[] shape = pass.shape(x);
        long size = Attributes.integer(node, "size", 1);
        double alpha = Attributes.real(node, "alpha", 1e-4f);
        double beta = Attributes.real(node, "beta", 0.75f);
        long before = (size - 1) / 2;
        String squares = neighbours(graph.multiply(x, x), shape, size, before, graph);
        String width = graph.plus(graph.times(squares, alpha), Attributes.real(node, "bias", 1f));
        String scale = graph.add("Pow", List.of(width, graph.scalar(-beta)));
        String direct = graph.multiply(slope, scale);
        String pull = graph.divide(graph.multiply(direct, x), width);
        String pulled = graph.multiply(x, neighbours(pull, shape, size, size - 1 - before, graph));
        pass.add(x, graph.minus(direct, graph.times(pulled, 2 * alpha * beta)));
    }

    /** The mean over a window of channels, of which {@code before} lie before; outside there are zeros. */
    private static String neighbours(String tensor, long[] shape, long size, long before, GraphBuilder graph) {
        String planes = graph.reshape(tensor, shape[0], 1, shape[1], Tensors.size(shape) / shape[0] / shape[1]);
        String mean = graph.add(
                "AveragePool",
                List.of(planes),
                Attributes.of("kernel_shape", new long[] {size, 1}),
                Attributes.of("pads", new long[] {before, 0, size - 1 - before, 0}),
                Attributes.of("count_include_pad", 1L));
        return graph.reshape(mean, shape);
    }
}
