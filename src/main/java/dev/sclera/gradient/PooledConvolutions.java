package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Averages before a convolution of single pixels where a network averages after it, as between dense blocks (Huang et
 * al. 2017, section 3, "Pooling layers"). The two commute, and what is convolved, and differentiated, is fewer pixels.
 * Sums are in another order then, so what the network computes may differ in its last bits from what the runtime makes
 * of the network as it is.
 */
final class PooledConvolutions {

    /** How many times fewer the averages must be: averages of few windows less may cost more than they save. */
    private static final int FEWER = 2;

    private final StaticGraph source;
    private final Map<String, NodeProto> readers = new HashMap<>();
    private final Set<String> wanted;

    private PooledConvolutions(StaticGraph source, Collection<String> wanted) {
        this.source = source;
        GraphProto graph = source.model().getGraph();
        this.wanted = new HashSet<>(wanted);
        this.wanted.addAll(Values.names(graph.getOutputList()));
        for (NodeProto node : graph.getNodeList()) {
            for (String input : node.getInputList()) {
                if (readers.put(input, node) != null) {
                    this.wanted.add(input);
                }
            }
        }
    }

    /** The graph with such averages first. */
    static StaticGraph of(StaticGraph source) {
        return of(source, List.of());
    }

    /** @param wanted tensors that have to stay, beside the outputs */
    static StaticGraph of(StaticGraph source, Collection<String> wanted) {
        PooledConvolutions convolutions = new PooledConvolutions(source, wanted);
        GraphProto.Builder graph = source.model().getGraph().toBuilder().clearNode();
        Map<NodeProto, NodeProto> inPlaceOf = new HashMap<>();
        Map<String, long[]> averages = new HashMap<>();
        for (NodeProto node : source.model().getGraph().getNodeList()) {
            Optional<NodeProto> pooling = convolutions.poolingAfter(node);
            if (pooling.isPresent()) {
                String pooled = pooling.get().getOutput(0);
                String averaged = pooled + "/averaged";
                graph.addNode(
                        pooling.get().toBuilder().setInput(0, node.getInput(0)).setOutput(0, averaged));
                averages.put(averaged, convolutions.averaged(node, pooled));
                inPlaceOf.put(
                        pooling.get(),
                        node.toBuilder()
                                .setInput(0, averaged)
                                .setOutput(0, pooled)
                                .build());
            } else {
                graph.addNode(inPlaceOf.getOrDefault(node, node));
            }
        }
        return averages.isEmpty()
                ? source
                : source.with(source.model().toBuilder().setGraph(graph).build(), averages);
    }

    /** The averaging that alone reads a convolution of single pixels, where it may and should come first. */
    private Optional<NodeProto> poolingAfter(NodeProto node) {
        if (!isOfSinglePixels(node) || wanted.contains(node.getOutput(0))) {
            return Optional.empty();
        }
        return Optional.ofNullable(readers.get(node.getOutput(0)))
                .filter(PooledConvolutions::isAverage)
                .filter(reader -> areFewer(reader.getOutput(0), node.getOutput(0)));
    }

    private boolean isOfSinglePixels(NodeProto node) {
        return node.getOpType().equals("Conv")
                && source.types()
                        .shape(node.getInput(1))
                        .filter(kernel -> Arrays.stream(kernel).skip(2).allMatch(length -> length == 1))
                        .isPresent()
                && source.types().shape(node.getInput(0)).isPresent()
                && all(node, "strides", 1)
                && all(node, "pads", 0);
    }

    /**
     * Whether the weights of each average add up to one, so that a bias is its own average. A window with gaps may lie
     * in the padding as a whole, and then averages nothing.
     */
    private static boolean isAverage(NodeProto node) {
        boolean padded = !all(node, "pads", 0)
                || Attributes.text(node, "auto_pad", "NOTSET").startsWith("SAME");
        boolean onlyOfPixels = all(node, "dilations", 1) && Attributes.integer(node, "count_include_pad", 0) == 0;
        return node.getOpType().equals("AveragePool")
                && Attributes.integer(node, "ceil_mode", 0) == 0
                && (!padded || onlyOfPixels);
    }

    private static boolean all(NodeProto node, String attribute, long value) {
        return Arrays.stream(Attributes.integers(node, attribute).orElse(new long[0]))
                .allMatch(each -> each == value);
    }

    private boolean areFewer(String averages, String convolved) {
        Optional<long[]> after = source.types().shape(averages);
        Optional<long[]> before = source.types().shape(convolved);
        return after.isPresent() && before.isPresent() && FEWER * pixels(after.get()) <= pixels(before.get());
    }

    private static long pixels(long[] shape) {
        return Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
    }

    /** The shape of a convolution's input once it is averaged: pixels stay where they are in such a convolution. */
    private long[] averaged(NodeProto conv, String pooled) {
        long[] shape = source.types().shape(pooled).orElseThrow().clone();
        shape[1] = source.types().shape(conv.getInput(0)).orElseThrow()[1];
        return shape;
    }
}
