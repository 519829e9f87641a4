package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Averages before a convolution of single pixels where a network averages after it, as between dense blocks (Huang et
 * al. 2017, section 3, "Pooling layers"). The two commute, and what is convolved, and differentiated, is fewer pixels.
 */
final class PooledConvolutions {

    private final StaticGraph source;
    private final Map<String, NodeProto> readers = new HashMap<>();
    private final Set<String> shared;

    private PooledConvolutions(StaticGraph source) {
        this.source = source;
        GraphProto graph = source.model().getGraph();
        shared = new HashSet<>(Values.names(graph.getOutputList()));
        for (NodeProto node : graph.getNodeList()) {
            for (String input : node.getInputList()) {
                if (readers.put(input, node) != null) {
                    shared.add(input);
                }
            }
        }
    }

    /** The graph with such averages first; what it computes is the same, but for the order of its sums. */
    static StaticGraph of(StaticGraph source) {
        PooledConvolutions convolutions = new PooledConvolutions(source);
        Map<NodeProto, NodeProto> byPool = new HashMap<>();
        GraphProto.Builder graph = source.model().getGraph().toBuilder().clearNode();
        Map<String, long[]> averages = new HashMap<>();
        for (NodeProto node : source.model().getGraph().getNodeList()) {
            if (convolutions.isPooledAfter(node)) {
                NodeProto pool = convolutions.readers.get(node.getOutput(0));
                String averaged = pool.getOutput(0) + "/averaged";
                graph.addNode(pool.toBuilder().setInput(0, node.getInput(0)).setOutput(0, averaged));
                averages.put(averaged, convolutions.averaged(node, pool));
                byPool.put(
                        pool,
                        node.toBuilder()
                                .setInput(0, averaged)
                                .setOutput(0, pool.getOutput(0))
                                .build());
            } else {
                graph.addNode(byPool.getOrDefault(node, node));
            }
        }
        return byPool.isEmpty()
                ? source
                : source.with(source.model().toBuilder().setGraph(graph).build(), averages);
    }

    private boolean isPooledAfter(NodeProto node) {
        if (!isOfSinglePixels(node) || shared.contains(node.getOutput(0))) {
            return false;
        }
        NodeProto reader = readers.get(node.getOutput(0));
        return reader != null && isAverage(reader) && pixels(reader.getOutput(0)) < pixels(node.getOutput(0));
    }

    private boolean isOfSinglePixels(NodeProto node) {
        if (!node.getOpType().equals("Conv")) {
            return false;
        }
        long[] kernel = shape(node.getInput(1));
        return kernel.length > 2
                && Arrays.stream(kernel).skip(2).allMatch(length -> length == 1)
                && all(node, "strides", 1)
                && all(node, "pads", 0)
                && shape(node.getInput(0)).length == kernel.length
                && shape(node.getOutput(0)).length == kernel.length;
    }

    /** Whether the weights of each average add up to one, so that a bias is itself on average. */
    private static boolean isAverage(NodeProto node) {
        boolean padded = !all(node, "pads", 0)
                || Attributes.text(node, "auto_pad", "NOTSET").startsWith("SAME");
        boolean countsPadding = padded && Attributes.integer(node, "count_include_pad", 0) != 0;
        return node.getOpType().equals("AveragePool")
                && Attributes.integer(node, "ceil_mode", 0) == 0
                && !countsPadding;
    }

    private static boolean all(NodeProto node, String attribute, long value) {
        return Arrays.stream(Attributes.integers(node, attribute).orElse(new long[0]))
                .allMatch(each -> each == value);
    }

    /** The shape of a convolution's input once it is pooled. */
    private long[] averaged(NodeProto conv, NodeProto pool) {
        long[] shape = shape(pool.getOutput(0));
        shape[1] = shape(conv.getInput(0))[1];
        return shape;
    }

    private long pixels(String tensor) {
        return Arrays.stream(shape(tensor)).skip(2).reduce(1, Math::multiplyExact);
    }

    private long[] shape(String tensor) {
        return source.types().shape(tensor).map(long[]::clone).orElseGet(() -> new long[0]);
    }
}
