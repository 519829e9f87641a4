package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a figure made of features.
 *
 * @param losses the tensor of one figure per image, {@code [n]}
 * @param slopes of their sum, by feature
 */
record FeatureLossNodes(String losses, Map<String, String> slopes) {

    /** Keeps logarithms finite. */
    static final double LEAST = 1e-30;

    static FeatureLossNodes of(
            FeatureLoss loss, List<String> features, Map<String, long[]> shapes, GraphBuilder graph) {
        if (loss instanceof FeatureLoss.OfNodes custom) {
            return custom(custom, features, shapes, graph);
        }
        if (loss instanceof FeatureLoss.Uncertainty uncertainty) {
            return new UncertaintyNodes(uncertainty, shapes, graph).of(features);
        }
        List<String> terms = new ArrayList<>();
        Map<String, String> slopes = new HashMap<>();
        for (String feature : features) {
            long[] shape = shapes.get(feature);
            terms.add(
                    loss instanceof FeatureLoss.LogNorms
                            ? logNorm(feature, shape, slopes, graph)
                            : logMean(feature, shape, slopes, graph));
        }
        String sum = terms.get(0);
        for (String term : terms.subList(1, terms.size())) {
            sum = graph.add("Add", List.of(sum, term));
        }
        return new FeatureLossNodes(sum, slopes);
    }

    /** {@code log |x| = log(Σx²) / 2}; its slope is {@code x / Σx²}. */
    private static String logNorm(String feature, long[] shape, Map<String, String> slopes, GraphBuilder graph) {
        String square = graph.add(
                "Max", List.of(perImage(graph.multiply(feature, feature), shape, graph), graph.scalar(LEAST)));
        slopes.put(feature, graph.add("Div", List.of(feature, spread(square, shape, graph))));
        return graph.multiply(graph.add("Log", List.of(square)), graph.scalar(0.5));
    }

    /** {@code −log(Σx / m)} of the positive x; its slope is {@code −1 / Σx} for every one of them. */
    private static String logMean(String feature, long[] shape, Map<String, String> slopes, GraphBuilder graph) {
        String sum = perImage(graph.add("Relu", List.of(feature)), shape, graph);
        String mean = graph.multiply(sum, graph.scalar((double) shape[0] / Tensors.size(shape)));
        String positive = graph.add("Max", List.of(mean, graph.scalar(LEAST)));
        String count = graph.scalar((double) Tensors.size(shape) / shape[0]);
        String reciprocal = graph.add("Div", List.of(graph.above(mean, LEAST), graph.multiply(positive, count)));
        String slope = graph.add("Neg", List.of(spread(reciprocal, shape, graph)));
        slopes.put(feature, graph.multiply(graph.above(feature, 0), slope));
        return graph.add("Neg", List.of(graph.add("Log", List.of(positive))));
    }

    static String perImage(String tensor, long[] shape, GraphBuilder graph) {
        return graph.sum(graph.reshape(tensor, shape[0], Tensors.size(shape) / shape[0]), false, 1);
    }

    static String spread(String perImage, long[] shape, GraphBuilder graph) {
        long[] broadcast = new long[shape.length];
        Arrays.fill(broadcast, 1);
        broadcast[0] = shape[0];
        return graph.reshape(perImage, broadcast);
    }

    private static FeatureLossNodes custom(
            FeatureLoss.OfNodes loss, List<String> features, Map<String, long[]> shapes, GraphBuilder graph) {
        GraphProto.Builder nodes = loss.nodes().getGraph().toBuilder();
        Map<String, String> taken = new HashMap<>();
        Set<String> weights = SubGraph.initializers(loss.nodes().getGraph());
        for (int i = 0; i < nodes.getInputCount(); i++) {
            ValueInfoProto input = nodes.getInput(i);
            if (weights.contains(input.getName())) {
                continue;
            }
            if (!features.contains(input.getName())) {
                throw new UnsupportedGraphException("The loss has an input \"%s\", and the features are %s."
                        .formatted(input.getName(), String.join(", ", features)));
            }
            nodes.setInput(
                    i, Values.of(input.getName(), TensorProto.DataType.FLOAT_VALUE, shapes.get(input.getName())));
            taken.put(input.getName(), input.getName());
        }
        ModelProto shaped = loss.nodes().toBuilder().setGraph(nodes).build();
        long images = shapes.get(features.get(0))[0];
        SubGraph sub = SubGraph.append(shaped, (int) images, "loss/", taken, taken.keySet(), graph);
        sub.requireOnePerImage(images);
        return new FeatureLossNodes(sub.output(), sub.slopes(graph));
    }
}
