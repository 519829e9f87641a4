package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation over the nodes of a static graph.
 *
 * <p>Invariant: a node is visited when all its consumers have been, so the slope of its output is complete. Only
 * tensors that depend on a differentiated one are {@linkplain #wants wanted}; nothing is computed for others.
 */
final class BackwardPass {

    private final StaticGraph forward;
    private final GraphBuilder builder;
    private final Set<String> differentiated;
    private final Set<String> dependent;
    private final boolean blocked;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, List<String>> slopes = new HashMap<>();
    private final Map<String, List<PhasedSlope>> phased = new HashMap<>();

    /**
     * @param forward what is differentiated
     * @param builder where the backward half goes
     * @param differentiated the inputs of the forward graph that slopes are wanted of: images, parameters, or both
     */
    BackwardPass(StaticGraph forward, GraphBuilder builder, Set<String> differentiated) {
        this(forward, builder, differentiated, false);
    }

    /** @param blocked whether {@link #blockedConvolutions} are expected */
    BackwardPass(StaticGraph forward, GraphBuilder builder, Set<String> differentiated, boolean blocked) {
        this.blocked = blocked;
        this.forward = forward;
        this.builder = builder;
        this.differentiated = Set.copyOf(differentiated);
        this.dependent = GradientPath.dependent(forward, differentiated);
        forward.model().getGraph().getInitializerList().forEach(weight -> constants.put(weight.getName(), weight));
    }

    /**
     * Passes slopes back to the differentiated tensors.
     *
     * @param slopes by tensor of the forward graph, the slope of what is differentiated with respect to it
     */
    void run(Map<String, String> slopes) {
        List<NodeProto> nodes = forward.model().getGraph().getNodeList();
        slopes.keySet()
                .forEach(from -> GradientPath.of(forward, differentiated, from).requireSupported(forward));
        slopes.forEach(this::add);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            NodeProto node = nodes.get(i);
            boolean reached = node.getOutputList().stream().anyMatch(this::isReached);
            if (reached && node.getInputList().stream().anyMatch(this::wants)) {
                requireFirstOutputOnly(node);
                String complete = slope(node.getOutput(0)).orElseGet(() -> builder.zeros(shape(node.getOutput(0))));
                visit(node, complete);
            }
        }
    }

    private void visit(NodeProto node, String slope) {
        Map<String, Integer> before = new HashMap<>();
        node.getInputList().stream().filter(differentiated::contains).forEach(input -> before.put(input, count(input)));
        OperatorGradients.of(node).orElseThrow().backward(node, slope, this);
        before.forEach((input, contributions) -> {
            if (count(input) == contributions) {
                throw new UnsupportedGraphException(
                        "The gradient of the node \"%s\" (%s) with respect to \"%s\" is not known. Leave that tensor as it is."
                                .formatted(node.getName(), node.getOpType(), input));
            }
        });
    }

    private int count(String tensor) {
        return slopes.getOrDefault(tensor, List.of()).size()
                + phased.getOrDefault(tensor, List.of()).size();
    }

    private boolean isReached(String tensor) {
        return count(tensor) > 0;
    }

    /** Passes the slope of one tensor back to another, and gives that one's slope. */
    String run(String from, String slope, String to) {
        run(Map.of(from, slope));
        return slope(to).orElseThrow();
    }

    /** Statistics and the like that an operator gives besides its result: a slope of theirs would be lost. */
    private void requireFirstOutputOnly(NodeProto node) {
        boolean others = node.getOutputList().stream().skip(1).anyMatch(this::isReached);
        if (others && !OperatorGradients.passesAllOutputs(node)) {
            throw new UnsupportedGraphException(
                    "The loss depends on a further output of the node \"%s\" (%s), and its gradient is known for the first alone. Compute that output by nodes of its own."
                            .formatted(node.getName(), node.getOpType()));
        }
    }

    /** Whether a slope of this tensor is of any use. */
    boolean wants(String tensor) {
        return dependent.contains(tensor);
    }

    /** Contributes to the slope of a tensor; nothing happens where it is not wanted. */
    void add(String tensor, String contribution) {
        if (wants(tensor)) {
            slopes.computeIfAbsent(tensor, absent -> new ArrayList<>()).add(contribution);
        }
    }

    /** The same, of a slope in phases: what falls into the same ones is added up before they are put together. */
    void add(String tensor, PhasedSlope contribution) {
        if (wants(tensor)) {
            phased.computeIfAbsent(tensor, absent -> new ArrayList<>()).add(contribution);
        }
    }

    /** The slope of a tensor, complete once all its consumers have been visited; empty where none depends on it. */
    Optional<String> slope(String tensor) {
        List<PhasedSlope> inPhases = phased.remove(tensor);
        if (inPhases != null) {
            PhasedSlope.sums(inPhases, builder).forEach(sum -> add(tensor, sum.whole(builder)));
        }
        List<String> contributions = slopes.get(tensor);
        if (contributions == null) {
            return Optional.empty();
        }
        String sum = contributions.get(0);
        for (String contribution : contributions.subList(1, contributions.size())) {
            sum = builder.add("Add", List.of(sum, contribution));
        }
        slopes.put(tensor, new ArrayList<>(List.of(sum)));
        return Optional.of(sum);
    }

    /**
     * Whether convolutions by kernels that are known at run time alone will run in the {@linkplain BlockedLayout
     * blocked layout}, where other formulations are fast than in the standard one.
     */
    boolean blockedConvolutions() {
        return blocked;
    }

    GraphBuilder graph() {
        return builder;
    }

    /** The forward model. */
    ModelProto model() {
        return forward.model();
    }

    /** The opset of the graph. */
    long opset() {
        return StaticGraph.opset(forward.model());
    }

    /** The shape of a tensor of the forward graph. */
    long[] shape(String tensor) {
        long[] shape = forward.shapes().get(tensor);
        if (shape == null) {
            throw new UnsupportedGraphException("The shape of the tensor \"%s\" is not known.".formatted(tensor));
        }
        for (long dimension : shape) {
            if (dimension <= 0) {
                throw new UnsupportedGraphException(
                        "The tensor \"%s\" has a shape that depends on the data, or holds nothing; such graphs are not differentiated."
                                .formatted(tensor));
            }
        }
        return shape.clone();
    }

    /** The forward node that computes a tensor; empty for inputs and constants. */
    Optional<NodeProto> producer(String tensor) {
        return forward.model().getGraph().getNodeList().stream()
                .filter(node -> node.getOutputList().contains(tensor))
                .findFirst();
    }

    /** The constant behind a name, where it is one. */
    Optional<TensorProto> constant(String tensor) {
        return Optional.ofNullable(constants.get(tensor));
    }

    /** The constant that a rule cannot do without. */
    TensorProto requireConstant(NodeProto node, int input) {
        return constant(node.getInput(input))
                .orElseThrow(() -> new UnsupportedGraphException(
                        "The node \"%s\" (%s) computes its input %d at run time, and its gradient is known for constants alone."
                                .formatted(node.getName(), node.getOpType(), input)));
    }
}
