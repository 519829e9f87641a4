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
 * Averages before a convolution of single pixels where a network averages right after it, as between dense blocks
 * (Huang et al. 2017, section 3, "Pooling layers"). The two commute, and what is convolved, and differentiated, is
 * fewer pixels. Sums are in another order then, so what the network computes may differ in its last bits from what the
 * runtime makes of the network as it is.
 */
final class PooledConvolutions {

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
        Map<String, NodeProto> makers = new HashMap<>();
        Map<String, long[]> averages = new HashMap<>();
        for (NodeProto node : source.model().getGraph().getNodeList()) {
            Optional<NodeProto> pooling = convolutions.poolingAfter(node);
            if (pooling.isPresent()) {
                String pooled = pooling.get().getOutput(0);
                String averaged = pooled + "/averaged";
                graph.addNode(
                        pooling.get().toBuilder().setInput(0, node.getInput(0)).setOutput(0, averaged));
                averages.put(averaged, convolutions.averaged(node, pooled));
                makers.put(
                        pooled,
                        node.toBuilder()
                                .setInput(0, averaged)
                                .setOutput(0, pooled)
                                .build());
            } else {
                graph.addNode(makers.getOrDefault(node.getOutput(0), node));
            }
        }
        return averages.isEmpty()
                ? source
                : source.with(source.model().toBuilder().setGraph(graph).build(), averages);
    }

    /** The averaging that alone reads a convolution of single pixels, where it may and should come first. */
    private Optional<NodeProto> poolingAfter(NodeProto node) {
        return isOfSinglePixels(node) && !wanted.contains(node.getOutput(0))
                ? Optional.ofNullable(readers.get(node.getOutput(0)))
                        .filter(reader -> isAverage(reader) && pays(node, reader))
                : Optional.empty();
    }

    private boolean isOfSinglePixels(NodeProto node) {
        if (!node.getOpType().equals("Conv") || !isImage(node.getInput(0))) {
            return false;
        }
        long[] kernel = shape(node.getInput(1));
        return kernel.length == 4
                && kernel[2] * kernel[3] == 1
                && Attributes.every(node.getAttributeList(), "strides", 1)
                && Attributes.every(node.getAttributeList(), "pads", 0);
    }

    /**
     * Whether the weights of each average add up to one, so that a bias is its own average. A window with gaps may lie
     * in the padding as a whole, and then averages nothing.
     */
    private boolean isAverage(NodeProto node) {
        if (!node.getOpType().equals("AveragePool") || !isImage(node.getInput(0)) || !isImage(node.getOutput(0))) {
            return false;
        }
        Window[] windows = Window.of(node, shape(node.getInput(0)), shape(node.getOutput(0)), kernel(node));
        boolean inside = Arrays.stream(windows).allMatch(window -> window.padBefore() == 0 && window.overhang() <= 0);
        return inside
                || Attributes.integer(node, "ceil_mode", 0) == 0
                        && Attributes.integer(node, "count_include_pad", 0) == 0
                        && Attributes.every(node.getAttributeList(), "dilations", 1);
    }

    /** Whether the products that are saved are more than the summands that are added, the channels being others. */
    private boolean pays(NodeProto conv, NodeProto pool) {
        long[] kernel = shape(conv.getInput(1));
        long before = Tensors.size(shape(conv.getOutput(0))) / kernel[0];
        long after = Tensors.size(shape(pool.getOutput(0))) / kernel[0];
        long more = shape(conv.getInput(0))[1] - kernel[0];
        long window = Arrays.stream(kernel(pool)).reduce(1, Math::multiplyExact);
        return (before - after) * kernel[0] * kernel[1] > after * window * more;
    }

    private static long[] kernel(NodeProto pool) {
        return Attributes.perAxis(pool, "kernel_shape", 2, 1);
    }

    /** Whether a tensor is an image, of a shape that is known, and not empty. */
    private boolean isImage(String tensor) {
        long[] shape = shape(tensor);
        return shape.length == 4 && Arrays.stream(shape).allMatch(length -> length > 0);
    }

    private long[] shape(String tensor) {
        return source.types().shape(tensor).orElseGet(() -> new long[0]);
    }

    /** The shape of a convolution's input once it is averaged: pixels stay where they are in such a convolution. */
    private long[] averaged(NodeProto conv, String pooled) {
        long[] shape = shape(pooled).clone();
        shape[1] = shape(conv.getInput(0))[1];
        return shape;
    }
}
