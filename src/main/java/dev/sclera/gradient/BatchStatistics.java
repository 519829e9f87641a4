package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Batch normalisation by the batch's own mean and variance, in place of fixed ones: nodes that compute them are put
 * before each normalisation, and others that carry the running statistics on, as PyTorch does: by the unbiased
 * variance.
 *
 * @param graph the graph with those nodes
 * @param updated by running statistic, an input of the graph, the tensor that holds its new value
 */
record BatchStatistics(StaticGraph graph, Map<String, String> updated) {

    private static final String PREFIX = "training/statistics/";

    /** Whether a normalisation uses statistics of the batch. */
    static boolean areOf(NodeProto normalisation) {
        return normalisation.getInput(3).startsWith(PREFIX);
    }

    /** The names of all running means and variances. */
    static Set<String> running(ModelProto model) {
        Set<String> running = new TreeSet<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getOpType().equals("BatchNormalization")) {
                running.addAll(List.of(node.getInput(3), node.getInput(4)));
            }
        }
        return running;
    }

    static BatchStatistics in(StaticGraph forward) {
        GraphProto.Builder graph = forward.model().getGraph().toBuilder().clearNode();
        GraphBuilder builder = new GraphBuilder(graph, StaticGraph.opset(forward.model()), PREFIX);
        Map<String, long[]> shapes = new HashMap<>();
        Map<String, String> updated = new LinkedHashMap<>();
        for (NodeProto node : forward.model().getGraph().getNodeList()) {
            graph.addNode(
                    node.getOpType().equals("BatchNormalization")
                            ? ofTheBatch(node, forward.shapes().get(node.getInput(0)), shapes, updated, builder)
                            : node);
        }
        ModelProto changed = forward.model().toBuilder().setGraph(graph).build();
        return new BatchStatistics(forward.with(changed, shapes), updated);
    }

    private static NodeProto ofTheBatch(
            NodeProto node,
            long[] shape,
            Map<String, long[]> shapes,
            Map<String, String> updated,
            GraphBuilder builder) {
        long count = Tensors.size(shape) / shape[1];
        if (count < 2) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (BatchNormalization) sees one value per channel, which has no variance. Train with larger batches, or with fixed statistics."
                            .formatted(node.getName()));
        }
        String x = node.getInput(0);
        String share = builder.scalar(1.0 / count);
        String mean = builder.multiply(builder.channelSum(x, shape), share);
        String centred = builder.add("Sub", List.of(x, builder.reshape(mean, BatchNormGradient.perChannel(shape))));
        String variance = builder.multiply(builder.channelSum(builder.multiply(centred, centred), shape), share);
        float momentum = Attributes.real(node, "momentum", 0.9f);
        String unbiased = builder.multiply(variance, builder.scalar((double) count / (count - 1)));
        updated.put(node.getInput(3), carriedOn(node.getInput(3), mean, momentum, builder));
        updated.put(node.getInput(4), carriedOn(node.getInput(4), unbiased, momentum, builder));
        shapes.put(mean, new long[] {shape[1]});
        shapes.put(variance, new long[] {shape[1]});
        return node.toBuilder().setInput(3, mean).setInput(4, variance).build();
    }

    private static String carriedOn(String running, String current, float momentum, GraphBuilder builder) {
        return builder.add(
                "Add",
                List.of(
                        builder.multiply(running, builder.scalar(momentum)),
                        builder.multiply(current, builder.scalar(1 - (double) momentum))));
    }
}
