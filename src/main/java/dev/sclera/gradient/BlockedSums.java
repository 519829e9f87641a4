package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sums and differences in blocked layout. */
final class BlockedSums {

    private final BlockedGraph graph;
    private final GraphBuilder builder;

    BlockedSums(BlockedGraph graph) {
        this.graph = graph;
        this.builder = graph.builder();
    }

    boolean add(NodeProto node) {
        for (int i = 0; i < 2; i++) {
            String one = node.getInput(i);
            String other = node.getInput(1 - i);
            if (!graph.sameShape(one, other) || !graph.canBlock(other)) {
                continue;
            }
            Optional<BlockedSpread> spread = graph.peek(other, BlockedSpread.class);
            Optional<BlockedConv> conv = graph.peek(one, BlockedConv.class).filter(BlockedConv::isBare);
            boolean oneImage = graph.shape(one)[0] == 1;
            if (conv.filter(BlockedConv::takesBias).isPresent() && spread.isPresent() && oneImage) {
                graph.take(one, BlockedConv.class);
                graph.take(other, BlockedSpread.class);
                String summand = graph.perChannel(spread.get().value(), graph.shape(one)[1]);
                graph.defer(node.getOutput(0), conv.get().plusPerChannel(summand));
                return true;
            }
            if (conv.isPresent() && !one.equals(other)) {
                graph.take(one, BlockedConv.class);
                graph.defer(node.getOutput(0), conv.get().plus(other));
                return true;
            }
            Optional<BlockedScale> scale = graph.peek(one, BlockedScale.class).filter(bare -> bare.addend() == null);
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
    boolean arithmetic(NodeProto node) {
        String a = node.getInput(0);
        String b = node.getInput(1);
        if (!graph.isBlocked(a) && !graph.isBlocked(b)) {
            return false;
        }
        if (graph.isBlocked(a) && PerChannel.is(graph, b, a) && !perImage(b)) {
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
        graph.setBlocked(node.getOutput(0), builder.add(node.getOpType(), List.of(left, right)));
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
}
