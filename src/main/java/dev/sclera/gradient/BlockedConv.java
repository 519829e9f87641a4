package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A convolution that can still take a scale, an addend and an activation. In that order the runtime applies them:
 * {@code activation(conv(x) + bias + addend)}.
 */
final class BlockedConv implements BlockedGraph.Deferred {

    /** Activations that the runtime applies within a convolution. */
    private static final Set<String> FUSED = Set.of("Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "Clip");

    private final String input;
    private final Order order;
    private final float[] weights;
    private final long[] shape;
    private final float @Nullable [] bias;
    private final List<AttributeProto> attributes;
    private final int groups;
    private @Nullable String addend;
    private @Nullable String activation;
    private float[] parameters = {};

    /** How the weights lie, and with that in which layout the input is read. */
    enum Order {
        /** Few input channels, read in the standard layout. */
        STANDARD_INPUT,
        BLOCKED_INPUT,
        DEPTHWISE
    }

    private BlockedConv(
            String input,
            Order order,
            float[] weights,
            long[] shape,
            float @Nullable [] bias,
            List<AttributeProto> attributes,
            int groups) {
        this.input = input;
        this.order = order;
        this.weights = weights;
        this.shape = shape;
        this.bias = bias;
        this.attributes = attributes;
        this.groups = groups;
    }

    /** A Conv of the standard graph, where the blocked one can take its place. */
    static Optional<BlockedConv> of(NodeProto node, BlockedGraph graph) {
        String x = node.getInput(0);
        boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
        if (graph.constant(node.getInput(1)).isEmpty()
                || (biased && graph.constant(node.getInput(2)).isEmpty())
                || graph.shape(x).length != 4) {
            return Optional.empty();
        }
        long[] shape = graph.shape(node.getInput(1));
        int groups = (int) Attributes.integer(node, "group", 1);
        Optional<Order> order = order(x, shape, groups, graph);
        List<AttributeProto> kept = node.getAttributeList().stream()
                .filter(attribute -> !attribute.getName().equals("group"))
                .toList();
        return order.map(known -> new BlockedConv(
                x,
                known,
                Tensors.floats(graph.constant(node.getInput(1)).orElseThrow()),
                shape,
                biased ? Tensors.floats(graph.constant(node.getInput(2)).orElseThrow()) : null,
                kept,
                groups));
    }

    private static Optional<Order> order(String x, long[] shape, int groups, BlockedGraph graph) {
        long[] image = graph.shape(x);
        if (image[2] * image[3] == 1) {
            // one pixel: a matrix product, for which no layout is worth a change
            return Optional.empty();
        }
        if (groups > 1) {
            boolean depthwise = shape[1] == 1 && shape[0] == groups;
            boolean aligned = shape[1] % graph.block() == 0 && shape[0] / groups % graph.block() == 0;
            if (!graph.canBlock(x) || !(depthwise || aligned)) {
                return Optional.empty();
            }
            return Optional.of(depthwise ? Order.DEPTHWISE : Order.BLOCKED_INPUT);
        }
        if (shape[1] < graph.block() && !graph.isBlocked(x)) {
            return Optional.of(Order.STANDARD_INPUT);
        }
        return graph.canBlock(x) ? Optional.of(Order.BLOCKED_INPUT) : Optional.empty();
    }

    /** {@code factor·x + bias}, per channel. */
    static BlockedConv affine(String x, float[] factor, float @Nullable [] bias) {
        return new BlockedConv(
                x,
                Order.DEPTHWISE,
                factor,
                new long[] {factor.length, 1, 1, 1},
                bias,
                List.of(Attributes.of("kernel_shape", new long[] {1, 1})),
                factor.length);
    }

    /** Whether nothing follows the convolution yet. */
    boolean isBare() {
        return addend == null && activation == null;
    }

    /** Whether it is a convolution per channel that does not stride, dilate or add, and nothing follows yet. */
    boolean isPlainDepthwise() {
        return order == Order.DEPTHWISE
                && bias == null
                && isBare()
                && every("strides", 1)
                && every("dilations", 1)
                && attributes.stream()
                        .noneMatch(attribute -> attribute.getName().equals("auto_pad"));
    }

    private boolean every(String attribute, long value) {
        return attributes.stream()
                .filter(each -> each.getName().equals(attribute))
                .flatMap(each -> each.getIntsList().stream())
                .allMatch(each -> each == value);
    }

    /** The tensor that it is applied to. */
    String input() {
        return input;
    }

    /** The kernels, {@code [outputs, inputs of a group, rows, columns]}. */
    float[] values() {
        return weights.clone();
    }

    /** The kernel's rows, or columns. */
    long kernel(int axis) {
        return shape[2 + axis];
    }

    /** Above, to the left, below, to the right. */
    long pad(int side) {
        return attributes.stream()
                .filter(attribute -> attribute.getName().equals("pads"))
                .mapToLong(attribute -> attribute.getInts(side))
                .findFirst()
                .orElse(0);
    }

    /** The convolution followed by a factor per output channel. */
    BlockedConv scaled(float[] factor) {
        float[] products = weights.clone();
        int each = products.length / factor.length;
        for (int i = 0; i < products.length; i++) {
            products[i] *= factor[i / each];
        }
        float[] biases = bias == null ? null : bias.clone();
        for (int i = 0; biases != null && i < biases.length; i++) {
            biases[i] *= factor[i];
        }
        return new BlockedConv(input, order, products, shape, biases, attributes, groups);
    }

    /** Adds another tensor to the result. */
    BlockedConv plus(String other) {
        addend = other;
        return this;
    }

    /** Whether an activation can become part of this. */
    boolean takes(NodeProto node, BlockedGraph graph) {
        boolean constantBounds = node.getInputList().stream()
                .skip(1)
                .allMatch(bound -> graph.constant(bound).isPresent());
        return activation == null && FUSED.contains(node.getOpType()) && constantBounds;
    }

    /** Applies an activation to the result. */
    BlockedConv then(NodeProto node, BlockedGraph graph) {
        activation = node.getOpType();
        parameters = switch (activation) {
            case "LeakyRelu" -> new float[] {Attributes.real(node, "alpha", 0.01f)};
            case "HardSigmoid" ->
                new float[] {Attributes.real(node, "alpha", 0.2f), Attributes.real(node, "beta", 0.5f)};
            case "Clip" ->
                new float[] {bound(node, 1, -Float.MAX_VALUE, graph), bound(node, 2, Float.MAX_VALUE, graph)};
            default -> new float[0];
        };
        return this;
    }

    private static float bound(NodeProto node, int input, float otherwise, BlockedGraph graph) {
        return node.getInputCount() > input && !node.getInput(input).isEmpty()
                ? Tensors.floats(graph.constant(node.getInput(input)).orElseThrow())[0]
                : otherwise;
    }

    @Override
    public String emit(BlockedGraph graph) {
        BlockedWeights blocked = graph.weights();
        int outputs = blocked.aligned(shape[0]);
        int inputs = order == Order.BLOCKED_INPUT ? blocked.aligned(shape[1]) : (int) shape[1];
        float[] ordered = order == Order.BLOCKED_INPUT ? blocked.both(weights, shape) : blocked.outputs(weights, shape);
        List<String> operands = new ArrayList<>();
        operands.add(order == Order.STANDARD_INPUT ? graph.plain(input) : graph.blocked(input));
        operands.add(graph.builder().floats(ordered, outputs, inputs, shape[2], shape[3]));
        if (bias != null) {
            operands.add(graph.builder().floats(Arrays.copyOf(bias, outputs), outputs));
        }
        if (addend != null) {
            if (bias == null) {
                operands.add("");
            }
            operands.add(graph.blocked(addend));
        }
        List<AttributeProto> all = new ArrayList<>(attributes);
        all.add(Attributes.of("group", order == Order.DEPTHWISE ? (long) outputs : (long) groups));
        if (activation != null) {
            all.add(Attributes.of("activation", activation));
            if (parameters.length > 0) {
                all.add(Attributes.of("activation_params", parameters));
            }
        }
        return graph.add("Conv", operands, all.toArray(AttributeProto[]::new));
    }
}
