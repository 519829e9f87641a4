package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each operator becomes in blocked layout. A tensor that is not blocked stays so where nothing is won. */
final class BlockedOperators {

    /** Functions of one tensor that are finite wherever it is, so that fillings do no harm. */
    private static final Set<String> ELEMENTWISE = Set.of(
            "Relu",
            "LeakyRelu",
            "Sigmoid",
            "Tanh",
            "HardSigmoid",
            "HardSwish",
            "Clip",
            "Neg",
            "Elu",
            "Selu",
            "Erf",
            "QuickGelu");

    private static final Set<String> POOLS = Set.of("MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool");

    private static final long[] EXCHANGE = {1, 0, 2, 3};

    private final BlockedGraph graph;
    private final GraphBuilder builder;
    private final BlockedKernelSlopes perPlane;

    BlockedOperators(BlockedGraph graph) {
        this.graph = graph;
        this.builder = graph.builder();
        this.perPlane = new BlockedKernelSlopes(graph);
    }

    /**
     * Computes a node in blocked layout, where that can be and pays.
     *
     * @param done receives nodes that are computed along with this one
     * @return whether it did
     */
    boolean rewrite(NodeProto node, Set<NodeProto> done) {
        String type = node.getOpType();
        if (ELEMENTWISE.contains(type)) {
            return elementwise(node);
        }
        if (POOLS.contains(type)) {
            return pool(node);
        }
        return switch (type) {
            case "Conv" -> conv(node);
            case "BatchNormalization" -> normalization(node);
            case "Add" -> add(node);
            case "Sub" -> arithmetic(node);
            case "Mul" -> multiply(node);
            case "Concat" -> interleave(node, done) || concat(node);
            case "Slice" -> slice(node);
            case "Pad" -> pad(node);
            case "Expand" -> expand(node);
            case "ReduceMean", "ReduceSum" -> reduce(node);
            case "Identity" -> alias(node);
            case "Transpose" -> transpose(node);
            case "Reshape" -> perPlane.rewrite(node, done);
            default -> false;
        };
    }

    private boolean conv(NodeProto node) {
        Optional<BlockedConv> conv = BlockedConv.of(node, graph);
        conv.ifPresent(deferred -> graph.defer(node.getOutput(0), deferred));
        return conv.isPresent();
    }

    private boolean transpose(NodeProto node) {
        long[] permutation = Attributes.integers(node, "perm").orElse(new long[0]);
        return kernel(node, permutation) || (Arrays.equals(permutation, EXCHANGE) && exchanged(node));
    }

    /** What is transposed to be a convolution's kernel is put in the convolution's order instead. */
    private boolean kernel(NodeProto node, long[] permutation) {
        String source = node.getInput(0);
        long[] shape = graph.shape(node.getOutput(0));
        Optional<BlockedConv.Order> order = graph.only(node, "Conv")
                .filter(next -> next.getInput(1).equals(node.getOutput(0)))
                .flatMap(next -> BlockedConv.order(next, graph));
        if (order.isEmpty()) {
            return false;
        }
        boolean slopes = Arrays.equals(permutation, EXCHANGE)
                && graph.isBlocked(source)
                && order.get() == BlockedConv.Order.STANDARD_INPUT;
        if (slopes) {
            graph.setKernel(node.getOutput(0), new BlockedKernel.Exchanged(source, shape));
        } else if (Arrays.equals(permutation, ComputedKernel.INPUTS_FIRST)) {
            graph.setKernel(node.getOutput(0), new BlockedKernel.OutputsLast(source, shape));
        } else {
            return false;
        }
        return true;
    }

    /** A convolution's result with images and channels exchanged, which is a kernel's slope. */
    private boolean exchanged(NodeProto node) {
        if (graph.peek(node.getInput(0), BlockedConv.class).isEmpty()) {
            return false;
        }
        long[] shape = graph.blockedShape(node.getInput(0));
        long pixels = shape[0] * shape[2] * shape[3];
        int block = graph.block();
        String images = builder.reshape(
                graph.blocked(node.getInput(0)), shape[0], shape[1] / block, shape[2] * shape[3] * block);
        String blocks = builder.reshape(builder.transpose(images, 1, 0, 2), shape[1] / block, pixels, block);
        String channels = builder.reshape(builder.transpose(blocks, 0, 2, 1), shape[1], shape[0], shape[2], shape[3]);
        long kept = graph.shape(node.getInput(0))[1];
        graph.setPlain(
                node.getOutput(0),
                kept == shape[1]
                        ? channels
                        : builder.slice(channels, new long[] {0}, new long[] {kept}, new long[] {0}));
        return true;
    }

    private boolean elementwise(NodeProto node) {
        String x = node.getInput(0);
        if (!graph.isBlocked(x)) {
            return false;
        }
        Optional<BlockedConv> conv = graph.peek(x, BlockedConv.class).filter(deferred -> deferred.takes(node, graph));
        if (conv.isPresent()) {
            graph.take(x, BlockedConv.class);
            graph.defer(node.getOutput(0), conv.get().then(node, graph));
            return true;
        }
        if (node.getOpType().endsWith("Sigmoid")) {
            graph.defer(node.getOutput(0), new BlockedActivation(x, node));
            return true;
        }
        List<String> inputs = new ArrayList<>(node.getInputList());
        inputs.set(0, graph.blocked(x));
        result(node, graph.addOf(node.getDomain(), node.getOpType(), inputs, attributes(node)));
        return true;
    }

    private boolean pool(NodeProto node) {
        boolean rounded = Attributes.integer(node, "ceil_mode", 0) != 0
                && node.getOpType().equals("AveragePool");
        if (rounded || node.getOutputCount() > 1 || !graph.isBlocked(node.getInput(0))) {
            return false;
        }
        AttributeProto[] kept = node.getAttributeList().stream()
                .filter(attribute -> !attribute.getName().equals("storage_order"))
                .toArray(AttributeProto[]::new);
        result(node, graph.add(node.getOpType(), List.of(graph.blocked(node.getInput(0))), kept));
        return true;
    }

    /** A factor and an addend per channel. */
    private boolean normalization(NodeProto node) {
        boolean constant = node.getInputList().stream()
                .skip(1)
                .allMatch(input -> graph.constant(input).isPresent());
        if (!graph.isBlocked(node.getInput(0)) || node.getOutputCount() > 1) {
            return false;
        }
        if (!constant) {
            graph.defer(node.getOutput(0), computedNormalization(node));
            return true;
        }
        float[] scale = floats(node, 1);
        float[] bias = floats(node, 2);
        float[] mean = floats(node, 3);
        float[] variance = floats(node, 4);
        float epsilon = Attributes.real(node, "epsilon", 1e-5f);
        float[] factor = new float[scale.length];
        float[] addend = new float[scale.length];
        for (int channel = 0; channel < factor.length; channel++) {
            double each = scale[channel] / Math.sqrt((double) variance[channel] + epsilon);
            factor[channel] = (float) each;
            addend[channel] = (float) (bias[channel] - mean[channel] * each);
        }
        graph.defer(node.getOutput(0), BlockedConv.affine(node.getInput(0), factor, addend));
        return true;
    }

    private BlockedConv computedNormalization(NodeProto node) {
        String variance = builder.plus(graph.plain(node.getInput(4)), Attributes.real(node, "epsilon", 1e-5f));
        String deviation = builder.add("Sqrt", List.of(variance));
        String factor = builder.divide(graph.plain(node.getInput(1)), deviation);
        String moved = builder.multiply(graph.plain(node.getInput(3)), factor);
        graph.setPlain(factor, factor);
        String addend = builder.minus(graph.plain(node.getInput(2)), moved);
        graph.setPlain(addend, addend);
        return BlockedConv.affine(node.getInput(0), factors(node.getInput(0), factor), addend);
    }

    /** What is known at run time alone of each channel of an image, as a kernel. */
    private BlockedKernel factors(String image, String tensor) {
        long[] shape = {graph.shape(image)[1], 1, 1, 1};
        return new BlockedKernel.Computed(graph.perChannel(tensor, shape), shape);
    }

    private float[] floats(NodeProto node, int input) {
        return Tensors.floats(graph.constant(node.getInput(input)).orElseThrow());
    }

    private boolean add(NodeProto node) {
        for (int i = 0; i < 2; i++) {
            String one = node.getInput(i);
            String other = node.getInput(1 - i);
            if (!graph.sameShape(one, other) || !graph.canBlock(other)) {
                continue;
            }
            Optional<BlockedConv> conv = graph.peek(one, BlockedConv.class).filter(BlockedConv::isBare);
            if (conv.isPresent() && !one.equals(other)) {
                graph.take(one, BlockedConv.class);
                graph.defer(node.getOutput(0), conv.get().plus(other));
                return true;
            }
            Optional<BlockedScale> scale = graph.peek(one, BlockedScale.class).filter(bare -> bare.addend() == null);
            Optional<BlockedSpread> spread = graph.peek(other, BlockedSpread.class);
            if (scale.isPresent() && spread.isPresent()) {
                graph.take(one, BlockedScale.class);
                graph.take(other, BlockedSpread.class);
                graph.defer(node.getOutput(0), scale.get().plus(spread.get().value()));
                return true;
            }
        }
        return arithmetic(node);
    }

    /** Operators on two tensors of one shape, or a tensor and a constant scalar. */
    private boolean arithmetic(NodeProto node) {
        String a = node.getInput(0);
        String b = node.getInput(1);
        if (!graph.isBlocked(a) && !graph.isBlocked(b)) {
            return false;
        }
        if (graph.isBlocked(a) && perChannel(b, a) && !perImage(b)) {
            return moved(node, a, b);
        }
        boolean same = graph.sameShape(a, b) && graph.canBlock(a) && graph.canBlock(b);
        if (node.getOpType().equals("Sub")
                && graph.isScalar(a)
                && graph.only(node, "Add").isPresent()) {
            // a convolution takes the addend in the same pass
            graph.defer(
                    node.getOutput(0),
                    restOf(b, Tensors.floats(graph.constant(a).orElseThrow())[0]));
            return true;
        }
        if (!same && !graph.isScalar(a) && !graph.isScalar(b)) {
            return false;
        }
        String left = graph.isScalar(a) ? a : graph.blocked(a);
        String right = graph.isScalar(b) ? b : graph.blocked(b);
        result(node, builder.add(node.getOpType(), List.of(left, right)));
        return true;
    }

    /** An image plus or minus one value per channel. */
    private boolean moved(NodeProto node, String image, String by) {
        long channels = graph.shape(image)[1];
        float[] ones = new float[(int) channels];
        Arrays.fill(ones, 1);
        String bias = graph.perChannel(by, channels);
        if (node.getOpType().equals("Sub")) {
            bias = builder.add("Neg", List.of(bias));
            graph.setPlain(bias, bias);
        }
        graph.defer(
                node.getOutput(0),
                BlockedConv.affine(image, new BlockedKernel.Constant(ones, new long[] {channels, 1, 1, 1}), bias));
        return true;
    }

    private boolean perImage(String factor) {
        long[] shape = graph.shape(factor);
        return shape.length == 4 && shape[0] > 1;
    }

    /** {@code whole − x}. */
    private BlockedConv restOf(String x, float whole) {
        float[] factor = new float[(int) graph.shape(x)[1]];
        float[] addend = factor.clone();
        Arrays.fill(factor, -1);
        Arrays.fill(addend, whole);
        return BlockedConv.affine(x, factor, addend);
    }

    private boolean multiply(NodeProto node) {
        for (int i = 0; i < 2; i++) {
            String image = node.getInput(i);
            String factor = node.getInput(1 - i);
            if (graph.isBlocked(image) && perChannel(factor, image)) {
                return scale(node, image, factor);
            }
        }
        if (between(node, 0) || between(node, 1)) {
            return true;
        }
        String left = node.getInput(0);
        String right = node.getInput(1);
        boolean oneBlocked = graph.isBlocked(left) || graph.isBlocked(right);
        if (oneBlocked && graph.sameShape(left, right) && graph.canBlock(left) && graph.canBlock(right)) {
            graph.defer(node.getOutput(0), new BlockedProduct(left, right));
            return true;
        }
        return arithmetic(node);
    }

    /** The product of a product and a step, which with the step in the product finds what a Clip let through. */
    private boolean between(NodeProto node, int product) {
        Optional<BlockedProduct> inner = graph.peek(node.getInput(product), BlockedProduct.class);
        Optional<BlockedActivation> outer = graph.peek(node.getInput(1 - product), BlockedActivation.class);
        Optional<BlockedActivation> other =
                inner.flatMap(factors -> graph.peek(factors.right(), BlockedActivation.class));
        if (outer.isEmpty()
                || other.isEmpty()
                || !outer.get().x().equals(other.get().x())) {
            return false;
        }
        String clipped = outer.get().x();
        Optional<Float> bound = clippedTo(clipped);
        if (bound.isEmpty() || !other.get().aboveZero() || !outer.get().below(bound.get())) {
            return false;
        }
        graph.take(node.getInput(product), BlockedProduct.class);
        graph.take(node.getInput(1 - product), BlockedActivation.class);
        graph.take(inner.get().right(), BlockedActivation.class);
        graph.defer(node.getOutput(0), new BlockedBetween(inner.get().left(), clipped, bound.get()));
        return true;
    }

    /** The upper bound of a tensor that was clipped to zero and one. */
    private Optional<Float> clippedTo(String tensor) {
        return graph.producer(tensor).flatMap(node -> switch (node.getOpType()) {
            case "Clip" ->
                constantBound(node, 1)
                        .filter(low -> low == 0)
                        .flatMap(low -> constantBound(node, 2).filter(high -> high > 0));
            case "HardSigmoid" -> Optional.of(1f);
            default -> Optional.<Float>empty();
        });
    }

    private Optional<Float> constantBound(NodeProto node, int input) {
        return node.getInputCount() > input
                ? graph.constant(node.getInput(input)).map(constant -> Tensors.floats(constant)[0])
                : Optional.empty();
    }

    private boolean scale(NodeProto node, String image, String factor) {
        Optional<TensorProto> constant = graph.constant(factor);
        if (constant.isPresent()) {
            float[] factors = Tensors.floats(constant.get());
            if (scaledBeforeProduct(node, image, factors)) {
                return true;
            }
            Optional<BlockedConv> conv = graph.peek(image, BlockedConv.class).filter(BlockedConv::takesFactor);
            conv.ifPresent(taken -> graph.take(image, BlockedConv.class));
            graph.defer(
                    node.getOutput(0),
                    conv.map(taken -> taken.scaled(factors)).orElseGet(() -> BlockedConv.affine(image, factors, null)));
            return true;
        }
        if (graph.shape(factor).length < 4 || graph.shape(factor)[0] == 1) {
            graph.defer(node.getOutput(0), BlockedConv.affine(image, factors(image, factor), null));
            return true;
        }
        if (!graph.isAligned(image)
                || graph.shape(factor).length != 4
                || graph.shape(factor)[0] != graph.shape(image)[0]) {
            return false;
        }
        graph.defer(node.getOutput(0), new BlockedScale(image, factor, null));
        return true;
    }

    /** Of a product with a convolution's result, the convolution takes the factor. */
    private boolean scaledBeforeProduct(NodeProto node, String image, float[] factors) {
        Optional<BlockedProduct> product = graph.peek(image, BlockedProduct.class);
        Optional<BlockedConv> conv =
                product.flatMap(of -> graph.peek(of.left(), BlockedConv.class)).filter(BlockedConv::takesFactor);
        if (conv.isEmpty()) {
            return false;
        }
        graph.take(image, BlockedProduct.class);
        graph.take(product.get().left(), BlockedConv.class);
        graph.defer(product.get().left(), conv.get().scaled(factors));
        graph.defer(node.getOutput(0), product.get());
        return true;
    }

    /** Whether a tensor has one value per channel of an image, or one per image and channel. */
    private boolean perChannel(String factor, String image) {
        long[] shape = graph.shape(factor);
        long[] of = graph.shape(image);
        int lead = 4 - shape.length;
        if (lead > 1 || of.length != 4 || of[2] * of[3] == 1) {
            return false;
        }
        boolean images = lead == 1
                || shape[0] == 1
                || (shape[0] == of[0] && graph.constant(factor).isEmpty());
        return images && shape[1 - lead] == of[1] && of[1] > 1 && shape[2 - lead] == 1 && shape[3 - lead] == 1;
    }

    /** The form that {@link Interleave} has in the standard graph. */
    private boolean interleave(NodeProto node, Set<NodeProto> done) {
        Optional<NodeProto> split = graph.only(node, "Reshape");
        Optional<NodeProto> columns = split.flatMap(next -> transpose(next, Interleave.COLUMNS_IN));
        Optional<NodeProto> lines = columns.flatMap(next -> graph.only(next, "Reshape"));
        Optional<NodeProto> rows = lines.flatMap(next -> transpose(next, Interleave.ROWS_IN));
        Optional<NodeProto> whole = rows.flatMap(next -> graph.only(next, "Reshape"));
        if (whole.isEmpty() || node.getInputList().stream().noneMatch(graph::isBlocked)) {
            return false;
        }
        long[] phases = graph.shape(split.get().getOutput(0));
        if (phases[1] * phases[2] != node.getInputCount()) {
            return false;
        }
        List<Optional<String>> names = new ArrayList<>();
        for (String phase : node.getInputList()) {
            boolean zeros = graph.isZeros(phase);
            if (!zeros && !graph.canBlock(phase)) {
                return false;
            }
            names.add(zeros ? Optional.empty() : Optional.of(phase));
        }
        long[] shape = {phases[0], graph.weights().aligned(phases[3]), phases[4], phases[5]};
        graph.defer(whole.get().getOutput(0), new BlockedInterleave(names, (int) phases[1], (int) phases[2], shape));
        done.addAll(List.of(split.get(), columns.get(), lines.get(), rows.get(), whole.get()));
        return true;
    }

    private Optional<NodeProto> transpose(NodeProto node, long[] permutation) {
        return graph.only(node, "Transpose")
                .filter(next -> Arrays.equals(Attributes.integers(next, "perm").orElse(new long[0]), permutation));
    }

    private boolean concat(NodeProto node) {
        if (node.getInputCount() == 1) {
            return alias(node);
        }
        boolean channels = Attributes.integer(node, "axis", 0) == 1;
        boolean fitting =
                node.getInputList().stream().allMatch(input -> graph.isAligned(input) && graph.canBlock(input));
        if (!channels || !fitting || node.getInputList().stream().noneMatch(graph::isBlocked)) {
            return false;
        }
        List<String> inputs = node.getInputList().stream().map(graph::blocked).toList();
        result(node, builder.add("Concat", inputs, attributes(node)));
        return true;
    }

    private boolean slice(NodeProto node) {
        String x = node.getInput(0);
        boolean constant = node.getInputList().stream()
                .skip(1)
                .allMatch(input -> graph.constant(input).isPresent());
        if (!graph.isBlocked(x) || !constant || node.getInputCount() < 4) {
            return false;
        }
        long[] shape = graph.shape(x);
        long[] starts = {0, 0, 0, 0};
        long[] ends = shape.clone();
        long[] axes = longs(node, 3);
        for (int i = 0; i < axes.length; i++) {
            int axis = Math.floorMod((int) axes[i], 4);
            if (node.getInputCount() > 4 && longs(node, 4)[i] != 1) {
                return false;
            }
            starts[axis] = position(longs(node, 1)[i], shape[axis]);
            ends[axis] = position(longs(node, 2)[i], shape[axis]);
        }
        int block = graph.block();
        boolean allChannels = starts[1] == 0 && ends[1] == shape[1];
        boolean wholeBlocks = starts[1] % block == 0 && ends[1] % block == 0;
        if (starts[0] != 0 || ends[0] != shape[0] || !(allChannels || wholeBlocks)) {
            return false;
        }
        if (Arrays.equals(ends, shape) && Arrays.equals(starts, new long[4])) {
            return alias(node);
        }
        long first = starts[1] / block;
        long last = (ends[1] + block - 1) / block;
        boolean inside = starts[2] == 0 && starts[3] == 0 && ends[2] == shape[2] && ends[3] == shape[3];
        if (inside) {
            result(
                    node,
                    builder.slice(
                            graph.blocked(x), new long[] {first * block}, new long[] {last * block}, new long[] {1}));
            return true;
        }
        String cut = builder.slice(
                graph.split(x),
                new long[] {first, starts[2], starts[3]},
                new long[] {last, ends[2], ends[3]},
                new long[] {1, 2, 3});
        result(node, builder.reshape(cut, graph.blockedShape(node.getOutput(0))));
        return true;
    }

    private static long position(long value, long length) {
        return Math.max(0, Math.min(length, value < 0 ? value + length : value));
    }

    private long[] longs(NodeProto node, int input) {
        return Tensors.longs(graph.constant(node.getInput(input)).orElseThrow());
    }

    private boolean pad(NodeProto node) {
        String x = node.getInput(0);
        boolean plain = Attributes.text(node, "mode", "constant").equals("constant")
                && node.getInputCount() <= 3
                && node.getInputList().stream()
                        .skip(1)
                        .allMatch(input -> graph.constant(input).isPresent());
        if (!graph.isBlocked(x) || !plain) {
            return false;
        }
        long[] pads = longs(node, 1);
        if (pads.length != 8 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0) {
            return false;
        }
        List<String> inputs = new ArrayList<>(
                List.of(graph.split(x), builder.longs(0, 0, pads[2], pads[3], 0, 0, 0, pads[6], pads[7], 0)));
        if (node.getInputCount() > 2) {
            inputs.add(node.getInput(2));
        }
        result(node, builder.reshape(builder.add("Pad", inputs), graph.blockedShape(node.getOutput(0))));
        return true;
    }

    private boolean expand(NodeProto node) {
        long[] from = graph.shape(node.getInput(0));
        long[] to = graph.shape(node.getOutput(0));
        boolean perChannel =
                from.length == 4 && to.length == 4 && from[0] == to[0] && from[1] == to[1] && from[2] * from[3] == 1;
        if (!perChannel || to[1] % graph.block() != 0) {
            return false;
        }
        graph.defer(node.getOutput(0), new BlockedSpread(node.getInput(0), to));
        return true;
    }

    /** Over rows and columns. */
    private boolean reduce(NodeProto node) {
        String x = node.getInput(0);
        long[] shape = graph.shape(x);
        long[] kept = graph.shape(node.getOutput(0));
        boolean overPixels = kept.length == 4
                && shape.length == 4
                && shape[0] == kept[0]
                && shape[1] == kept[1]
                && kept[2] * kept[3] == 1
                && shape[2] * shape[3] > 1;
        if (!graph.isBlocked(x) || !overPixels) {
            return false;
        }
        String mean = graph.add("GlobalAveragePool", List.of(graph.blocked(x)));
        result(
                node,
                node.getOpType().equals("ReduceMean")
                        ? mean
                        : builder.multiply(mean, builder.scalar((double) shape[2] * shape[3])));
        return true;
    }

    private boolean alias(NodeProto node) {
        if (!graph.isBlocked(node.getInput(0))) {
            return false;
        }
        result(node, graph.blocked(node.getInput(0)));
        return true;
    }

    private void result(NodeProto node, String name) {
        graph.setBlocked(node.getOutput(0), name);
    }

    private static AttributeProto[] attributes(NodeProto node) {
        return node.getAttributeList().toArray(AttributeProto[]::new);
    }
}
