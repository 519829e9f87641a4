package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
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

    private final BlockedGraph graph;
    private final BlockedKernelSlopes perPlane;
    private final BlockedNormalization normalizations;
    private final BlockedSums sums;
    private final BlockedProducts products;
    private final BlockedTransposes transposes;
    private final BlockedMoves moves;

    BlockedOperators(BlockedGraph graph) {
        this.graph = graph;
        this.perPlane = new BlockedKernelSlopes(graph);
        this.normalizations = new BlockedNormalization(graph);
        this.sums = new BlockedSums(graph);
        this.products = new BlockedProducts(graph, sums);
        this.transposes = new BlockedTransposes(graph);
        this.moves = new BlockedMoves(graph);
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
            case "BatchNormalization" -> normalizations.rewrite(node);
            case "Add" -> sums.add(node);
            case "Sub" -> sums.arithmetic(node);
            case "Mul" -> products.rewrite(node);
            case "Concat" -> moves.interleave(node, done) || moves.concat(node);
            case "Slice" -> moves.slice(node, done);
            case "Pad" -> moves.pad(node);
            case "Expand" -> moves.expand(node);
            case "ReduceMean", "ReduceSum" -> moves.reduce(node);
            case "Identity" -> moves.alias(node);
            case "Transpose" -> transposes.rewrite(node);
            case "Reshape" -> perPlane.rewrite(node, done);
            default -> false;
        };
    }

    private boolean conv(NodeProto node) {
        Optional<BlockedConv> conv = BlockedConv.of(node, graph);
        conv.ifPresent(deferred -> graph.defer(
                node.getOutput(0),
                BlockedPhases.convolved(node, deferred, graph).orElse(deferred)));
        return conv.isPresent();
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

    private void result(NodeProto node, String name) {
        graph.setBlocked(node.getOutput(0), name);
    }

    private static AttributeProto[] attributes(NodeProto node) {
        return node.getAttributeList().toArray(AttributeProto[]::new);
    }
}
