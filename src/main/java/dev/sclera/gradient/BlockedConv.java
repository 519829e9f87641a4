package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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
    private final BlockedKernel kernel;
    private final float @Nullable [] bias;
    private final List<AttributeProto> attributes;
    private final int groups;
    private final boolean slope;

    private @Nullable String computedBias;
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

    /** @param slope whether it belongs to the backward pass */
    private BlockedConv(
            String input,
            Order order,
            BlockedKernel kernel,
            float @Nullable [] bias,
            List<AttributeProto> attributes,
            int groups,
            boolean slope) {
        this.input = input;
        this.order = order;
        this.kernel = kernel;
        this.bias = bias;
        this.attributes = attributes;
        this.groups = groups;
        this.slope = slope;
    }

    /** A Conv of the standard graph, where the blocked one can take its place. */
    static Optional<BlockedConv> of(NodeProto node, BlockedGraph graph) {
        Optional<Order> order = order(node, graph);
        if (order.isEmpty()) {
            return Optional.empty();
        }
        String biasName = node.getInputCount() > 2 ? node.getInput(2) : "";
        Optional<TensorProto> bias = graph.constant(biasName);
        List<AttributeProto> kept = node.getAttributeList().stream()
                .filter(attribute -> !attribute.getName().equals("group"))
                .toList();
        BlockedConv conv = new BlockedConv(
                node.getInput(0),
                order.get(),
                graph.kernel(node.getInput(1)),
                bias.map(Tensors::floats).orElse(null),
                kept,
                groups(node),
                node.getName().startsWith(GraphBuilder.PREFIX));
        conv.computedBias = bias.isPresent() || biasName.isEmpty() ? null : biasName;
        return Optional.of(conv);
    }

    private static int groups(NodeProto node) {
        return (int) Attributes.integer(node, "group", 1);
    }

    /** The order of a Conv of the standard graph, where the blocked one can take its place. */
    static Optional<Order> order(NodeProto node, BlockedGraph graph) {
        String x = node.getInput(0);
        long[] shape = graph.shape(node.getInput(1));
        int groups = groups(node);
        long[] image = graph.shape(x);
        boolean computed = graph.constant(node.getInput(1)).isEmpty();
        if (image.length != 4 || (image[2] * image[3] == 1 && computed)) {
            // one pixel: a matrix product, for which no layout is worth a change. But where the runtime knows the
            // kernel, it would put the convolution into blocks itself, and reorder before and after
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
            return isNarrow(shape, graph) ? Optional.empty() : Optional.of(Order.STANDARD_INPUT);
        }
        return graph.canBlock(x) ? Optional.of(Order.BLOCKED_INPUT) : Optional.empty();
    }

    /**
     * Whether a block would be filled up with zeros for the most part, as by a normalisation of three channels, for
     * which the next convolution would pay too.
     */
    private static boolean isNarrow(long[] kernel, BlockedGraph graph) {
        return kernel[0] * 4 <= graph.block();
    }

    /** {@code factor·x + bias}, per channel. */
    static BlockedConv affine(String x, float[] factor, float @Nullable [] bias) {
        return new BlockedConv(
                x,
                Order.DEPTHWISE,
                new BlockedKernel.Constant(factor, new long[] {factor.length, 1, 1, 1}),
                bias,
                List.of(Attributes.of("kernel_shape", new long[] {1, 1})),
                factor.length,
                false);
    }

    /**
     * {@code factor·x + bias} per channel, by tensors that are known at run time alone, {@code [c,1,1,1]} and
     * {@code [c]}.
     */
    static BlockedConv affine(String x, BlockedKernel factor, @Nullable String bias) {
        int channels = (int) factor.shape()[0];
        BlockedConv conv = new BlockedConv(
                x,
                Order.DEPTHWISE,
                factor,
                null,
                List.of(Attributes.of("kernel_shape", new long[] {1, 1})),
                channels,
                false);
        conv.computedBias = bias;
        return conv;
    }

    /** Whether nothing follows the convolution yet. */
    boolean isBare() {
        return addend == null && activation == null;
    }

    /** Whether it is a {@linkplain #isPlain plain} convolution per channel that does not stride. */
    boolean isPlainDepthwise() {
        return order == Order.DEPTHWISE && isPlain() && Attributes.every(attributes, "strides", 1);
    }

    /** Whether it is a {@linkplain #isPlain plain} convolution of all channels. */
    boolean isPlainDense() {
        return order == Order.BLOCKED_INPUT && groups == 1 && isPlain();
    }

    /**
     * Whether its kernel is known beforehand and its pads are, it does not dilate or add, and nothing follows it yet.
     */
    private boolean isPlain() {
        return kernel instanceof BlockedKernel.Constant
                && bias == null
                && computedBias == null
                && isBare()
                && Attributes.every(attributes, "dilations", 1)
                && !hasAutoPad();
    }

    /**
     * A {@linkplain #isPlainDense plain} one's convolution of another tensor, with some of the taps, in single steps.
     */
    BlockedConv ofPhase(String phase, Window.Taps down, Window.Taps across, long[] pads) {
        BlockedKernel.Constant taps = ((BlockedKernel.Constant) kernel).taps(down, across);
        List<AttributeProto> plain = List.of(
                Attributes.of("kernel_shape", new long[] {down.count(), across.count()}), Attributes.of("pads", pads));
        return new BlockedConv(phase, order, taps, null, plain, groups, slope);
    }

    private boolean hasAutoPad() {
        return attributes.stream()
                .filter(attribute -> attribute.getName().equals("auto_pad"))
                .anyMatch(attribute -> !attribute.getS().toStringUtf8().equals("NOTSET"));
    }

    /** The tensor that it is applied to. */
    String input() {
        return input;
    }

    /** The kernel. */
    BlockedKernel kernel() {
        return kernel;
    }

    /** The kernel's rows. */
    long rows() {
        return kernel.shape()[2];
    }

    /** The kernel's columns. */
    long columns() {
        return kernel.shape()[3];
    }

    /** Above, to the left, below, to the right. */
    long pad(int side) {
        return attributes.stream()
                .filter(attribute -> attribute.getName().equals("pads"))
                .mapToLong(attribute -> attribute.getInts(side))
                .findFirst()
                .orElse(0);
    }

    private boolean everyPad(long value) {
        return IntStream.range(0, 4).allMatch(side -> pad(side) == value);
    }

    /** Whether a factor per output channel can become part of this. */
    boolean takesFactor() {
        return isBare() && kernel instanceof BlockedKernel.Constant && computedBias == null;
    }

    /** The convolution followed by a factor per output channel, where it {@linkplain #takesFactor takes} one. */
    BlockedConv scaled(float[] factor) {
        BlockedKernel.Constant products = ((BlockedKernel.Constant) kernel).scaled(factor);
        float[] biases = bias == null ? null : bias.clone();
        for (int i = 0; biases != null && i < biases.length; i++) {
            biases[i] *= factor[i];
        }
        return new BlockedConv(input, order, products, biases, attributes, groups, slope);
    }

    /** Whether a summand per output channel can become part of this. */
    boolean takesBias() {
        return isBare() && bias == null && computedBias == null;
    }

    /**
     * Adds a summand per output channel to the result, where it {@linkplain #takesBias takes} one.
     *
     * @param summand {@code [outputs]}, in the standard layout
     */
    BlockedConv plusPerChannel(String summand) {
        computedBias = summand;
        return this;
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
        int outputs = graph.weights().aligned(kernel.shape()[0]);
        String summand = bias(outputs, graph);
        Optional<WinogradConv> winograd = winograd(graph);
        if (winograd.isPresent()) {
            String convolved = winograd.get().emit(graph.blocked(input), summand, graph);
            return addend == null ? convolved : graph.builder().plus(convolved, graph.blocked(addend));
        }
        List<String> operands = new ArrayList<>();
        operands.add(order == Order.STANDARD_INPUT ? graph.plain(input) : graph.blocked(input));
        operands.add(kernel.inOrder(order == Order.BLOCKED_INPUT, graph));
        if (!summand.isEmpty() || addend != null) {
            operands.add(summand);
        }
        if (addend != null) {
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

    /** The name of the summand per output channel, filled up to whole blocks; empty where there is none. */
    private String bias(int outputs, BlockedGraph graph) {
        if (bias != null) {
            return graph.builder().floats(Arrays.copyOf(bias, outputs), outputs);
        }
        return computedBias == null
                ? ""
                : graph.builder().pad(graph.plain(computedBias), 0, outputs - kernel.shape()[0]);
    }

    /**
     * The convolution with fewer products, where that can be and pays; of slopes alone. What the network computes
     * itself is rounded as in the standard graph: else a ReLU here and there would decide otherwise, and who compares
     * the two would have to tell that from a fault.
     */
    private Optional<WinogradConv> winograd(BlockedGraph graph) {
        long[] image = graph.shape(input);
        boolean fits = slope
                && order == Order.BLOCKED_INPUT
                && groups == 1
                && rows() == 3
                && columns() == 3
                && everyPad(1)
                && Attributes.every(attributes, "strides", 1)
                && Attributes.every(attributes, "dilations", 1)
                && !hasAutoPad()
                && activation == null
                && WinogradConv.pays(kernel.shape(), image, graph.block());
        return fits
                ? WinogradTaps.of(kernel, graph).map(taps -> new WinogradConv(taps, kernel.shape(), image))
                : Optional.empty();
    }
}
