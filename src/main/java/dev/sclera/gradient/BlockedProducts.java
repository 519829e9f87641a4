package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
        if (gate(node, 0) || gate(node, 1)) {
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

    /** The product of a tensor and of what is 1 in some places, else 0. */
    private boolean gate(NodeProto node, int gating) {
        String tensor = node.getInput(1 - gating);
        if (!graph.sameShape(node.getInput(gating), tensor) || !graph.canBlock(tensor)) {
            return false;
        }
        List<BlockedActivation> steps = steps(node.getInput(gating));
        if (steps.isEmpty()) {
            return false;
        }
        takeSteps(node.getInput(gating));
        BlockedGate gate = graph.take(tensor, BlockedGate.class).orElseGet(() -> new BlockedGate(tensor, List.of()));
        graph.defer(node.getOutput(0), gate.and(steps));
        return true;
    }

    /** The steps whose product a tensor is; none where it is something else. */
    private List<BlockedActivation> steps(String tensor) {
        Optional<BlockedActivation> step =
                graph.peek(tensor, BlockedActivation.class).filter(BlockedActivation::isStep);
        if (step.isPresent()) {
            return List.of(step.get());
        }
        return graph.peek(tensor, BlockedGate.class)
                .filter(gate -> !steps(gate.tensor()).isEmpty())
                .map(gate -> gate.and(steps(gate.tensor())).steps())
                .orElse(List.of());
    }

    private void takeSteps(String tensor) {
        graph.take(tensor, BlockedGate.class).ifPresent(gate -> takeSteps(gate.tensor()));
        graph.take(tensor, BlockedActivation.class);
    }

    private boolean scale(NodeProto node, String image, String factor) {
        Optional<TensorProto> constant = graph.constant(factor);
        if (constant.isPresent()) {
            float[] factors = Tensors.floats(constant.get());
            if (scaledBefore(BlockedGate.class, BlockedGate::tensor, node, image, factors)
                    || scaledBefore(BlockedProduct.class, BlockedProduct::left, node, image, factors)) {
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

    /** Of what is done to a convolution's result value by value, the convolution takes the factor. */
    private <D extends BlockedGraph.Deferred> boolean scaledBefore(
            Class<D> kind, Function<D, String> result, NodeProto node, String image, float[] factors) {
        Optional<D> following = graph.peek(image, kind);
        if (following.isEmpty() || !scaled(result.apply(following.get()), factors)) {
            return false;
        }
        graph.take(image, kind);
        graph.defer(node.getOutput(0), following.get());
        return true;
    }

    /** Puts factors into a convolution, where a tensor is the result of one that takes them. */
    private boolean scaled(String tensor, float[] factors) {
        Optional<BlockedConv> conv = graph.peek(tensor, BlockedConv.class).filter(BlockedConv::takesFactor);
        conv.ifPresent(taken -> {
            graph.take(tensor, BlockedConv.class);
            graph.defer(tensor, taken.scaled(factors));
        });
        return conv.isPresent();
    }
}
