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
}
