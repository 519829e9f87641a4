package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.Optional;

/** Transposes about a convolution, which are another order of its kernel. */
final class BlockedTransposes {

    private static final long[] EXCHANGE = {1, 0, 2, 3};

    private final BlockedGraph graph;
    private final GraphBuilder builder;

    BlockedTransposes(BlockedGraph graph) {
        this.graph = graph;
        this.builder = graph.builder();
    }

    boolean rewrite(NodeProto node) {
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
            graph.setKernel(node.getOutput(0), turned(source, shape, order.get()));
        } else {
            return false;
        }
        return true;
    }

    /** What {@link ComputedKernel} turned round. */
    private BlockedKernel turned(String source, long[] shape, BlockedConv.Order order) {
        Optional<Picked> picked =
                order == BlockedConv.Order.BLOCKED_INPUT ? Picked.of(source, graph) : Optional.empty();
        return picked.isPresent()
                        && graph.kernel(picked.get().kernel()) instanceof BlockedKernel.Computed forward
                        && BlockedKernel.Turned.fits(forward, graph)
                ? new BlockedKernel.Turned(forward, shape, picked.get().which())
                : new BlockedKernel.OutputsLast(source, shape);
    }

    /**
     * Taps that were picked from a kernel, in the form that {@link ComputedKernel} gives them.
     *
     * @param kernel {@code [outputs, inputs, rows, columns]}
     * @param which in the order that they have then
     */
    private record Picked(String kernel, long[] which) {

        static Optional<Picked> of(String picked, BlockedGraph graph) {
            Optional<NodeProto> apart = above(picked, "Reshape", graph).filter(node -> keepsEnds(node, graph));
            Optional<NodeProto> one = apart.flatMap(node -> above(node.getInput(0), "Reshape", graph))
                    .filter(node -> isOneTap(graph.shape(node.getOutput(0))));
            if (one.isPresent()) {
                return of(one.get(), new long[1], graph);
            }
            Optional<NodeProto> gather = apart.flatMap(node -> above(node.getInput(0), "Gather", graph));
            return gather.filter(node -> Attributes.integer(node, "axis", 0) == 1)
                    .flatMap(node -> graph.constant(node.getInput(1)))
                    .map(Tensors::longs)
                    .flatMap(which -> above(gather.get().getInput(0), "Transpose", graph)
                            .filter(node -> Arrays.equals(
                                    Attributes.integers(node, "perm").orElse(null), ComputedKernel.TAPS_FIRST))
                            .flatMap(node -> above(node.getInput(0), "Reshape", graph))
                            .flatMap(node -> of(node, which, graph)));
        }

        private static boolean isOneTap(long[] apart) {
            return apart.length == 3 && apart[2] == 1;
        }

        /**
         * Whether it takes {@code [outputs, taps, inputs]}, or one tap's, to {@code [outputs, rows, columns, inputs]}.
         */
        private static boolean keepsEnds(NodeProto reshape, BlockedGraph graph) {
            long[] from = graph.shape(reshape.getInput(0));
            long[] to = graph.shape(reshape.getOutput(0));
            boolean ranks = from.length == 3 && to.length == 4;
            return ranks && from[0] == to[0] && (from[2] == to[3] || (from[2] == 1 && from[1] == to[3]));
        }

        private static Optional<Picked> of(NodeProto apart, long[] which, BlockedGraph graph) {
            String kernel = apart.getInput(0);
            long[] shape = graph.shape(kernel);
            long[] flat = graph.shape(apart.getOutput(0));
            boolean fitting = shape.length == 4
                    && flat.length == 3
                    && flat[0] == shape[0]
                    && flat[1] == shape[1]
                    && flat[2] == shape[2] * shape[3];
            return fitting ? Optional.of(new Picked(kernel, which)) : Optional.empty();
        }

        private static Optional<NodeProto> above(String tensor, String type, BlockedGraph graph) {
            return graph.producer(tensor).filter(node -> node.getOpType().equals(type));
        }
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
}
