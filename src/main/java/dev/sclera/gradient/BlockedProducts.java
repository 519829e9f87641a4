package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Optional;

/** Products in blocked layout. */
final class BlockedProducts {

    private final BlockedGraph graph;
    private final BlockedSums sums;

    /** @param sums what products of whole tensors are computed like */
    BlockedProducts(BlockedGraph graph, BlockedSums sums) {
        this.graph = graph;
        this.sums = sums;
    }

    boolean rewrite(NodeProto node) {
        for (int i = 0; i < 2; i++) {
            String image = node.getInput(i);
            String factor = node.getInput(1 - i);
            if (graph.isBlocked(image) && PerChannel.is(graph, factor, image)) {
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
        return sums.arithmetic(node);
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
            graph.defer(node.getOutput(0), BlockedConv.affine(image, PerChannel.kernel(graph, image, factor), null));
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
}
