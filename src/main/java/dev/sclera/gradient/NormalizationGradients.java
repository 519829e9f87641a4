package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Normalisations. */
final class NormalizationGradients {

    private NormalizationGradients() {}

    /**
     * {@code y = scale·(x − mean)/deviation + bias} over the last axes: with s = slope·scale and n the normalised x, it
     * is {@code (s − mean(s) − n·mean(s·n)) / deviation}.
     */
    static void layer(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String x = node.getInput(0);
        long[] shape = pass.shape(x);
        long first = Math.floorMod(Attributes.integer(node, "axis", -1), (long) shape.length);
        long[] axes = LongStream.range(first, shape.length).toArray();
        float epsilon = Attributes.real(node, "epsilon", 1e-5f);
        String centred = graph.add("Sub", List.of(x, mean(x, axes, shape, graph)));
        String variance = mean(graph.multiply(centred, centred), axes, shape, graph);
        String deviation = graph.add("Sqrt", List.of(graph.add("Add", List.of(variance, graph.scalar(epsilon)))));
        String normalised = graph.add("Div", List.of(centred, deviation));
        String scaled = graph.multiply(slope, node.getInput(1));
        String parallel = graph.multiply(normalised, mean(graph.multiply(scaled, normalised), axes, shape, graph));
        String free = graph.add("Sub", List.of(scaled, mean(scaled, axes, shape, graph)));
        String orthogonal = graph.add("Sub", List.of(free, parallel));
        pass.add(x, graph.add("Div", List.of(orthogonal, deviation)));
    }

    private static String mean(String tensor, long[] axes, long[] shape, GraphBuilder graph) {
        long count = Arrays.stream(axes).map(axis -> shape[(int) axis]).reduce(1, (a, b) -> a * b);
        return graph.multiply(graph.sum(tensor, true, axes), graph.scalar(1.0 / count));
    }
}
