package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes through which a slope passes from one tensor of a graph back to others. Integers and truth values have no
 * slope, and neither have steps: what is computed from such alone is a constant to the gradient. Quantised integers are
 * the exception, for their gradient is {@linkplain QuantizationGradients straight through}.
 */
final class GradientPath {

    /** Constant wherever they have a derivative. */
    private static final Set<String> FLAT = Set.of(
            "Floor",
            "Ceil",
            "Round",
            "Sign",
            "Hardmax",
            "EyeLike",
            "Bernoulli",
            "RandomNormalLike",
            "RandomUniformLike");

    /** What moves quantised integers, and keeps them what they are. */
    private static final Set<String> MOVES = Set.of(
            "Identity",
            "Reshape",
            "Flatten",
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Concat",
            "Slice",
            "Split",
            "Gather",
            "MaxPool",
            "DepthToSpace",
            "SpaceToDepth");

    /** How many nodes of one operator an error names. */
    private static final int MOST_NAMED = 3;

    private final Set<String> dependent;
    private final List<NodeProto> nodes;

    private GradientPath(Set<String> dependent, List<NodeProto> nodes) {
        this.dependent = dependent;
        this.nodes = nodes;
    }

    /**
     * The path through a graph.
     *
     * @param forward the graph
     * @param inputs with respect to which is differentiated
     * @param output what is differentiated
     */
    static GradientPath of(StaticGraph forward, Set<String> inputs, String output) {
        List<NodeProto> all = forward.model().getGraph().getNodeList();
        Set<String> dependent = dependent(forward, inputs);
        if (!dependent.contains(output)) {
            throw unreachable(all, dependent, inputs, output);
        }
        Set<String> reaching = new HashSet<>(Set.of(output));
        List<NodeProto> nodes = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            NodeProto node = all.get(i);
            boolean reaches = node.getOutputList().stream()
                    .anyMatch(tensor -> reaching.contains(tensor) && dependent.contains(tensor));
            if (reaches) {
                node.getInputList().stream().filter(dependent::contains).forEach(reaching::add);
                nodes.add(node);
            }
        }
        Collections.reverse(nodes);
        return new GradientPath(dependent, List.copyOf(nodes));
    }

    /** The tensors that have a slope with respect to the inputs; nodes are in topological order, as ONNX demands. */
    static Set<String> dependent(StaticGraph forward, Set<String> inputs) {
        Set<String> floats = forward.types().floats();
        Set<String> dependent = new HashSet<>(inputs);
        Set<String> quantised = new HashSet<>();
        for (NodeProto node : forward.model().getGraph().getNodeList()) {
            if (node.getInputList().stream().noneMatch(dependent::contains) || FLAT.contains(node.getOpType())) {
                continue;
            }
            boolean integers = node.getOpType().equals("QuantizeLinear")
                    || MOVES.contains(node.getOpType())
                            && node.getInputList().stream().anyMatch(quantised::contains);
            for (String output : node.getOutputList()) {
                if (floats.contains(output)) {
                    dependent.add(output);
                } else if (integers && output.equals(node.getOutput(0))) {
                    dependent.add(output);
                    quantised.add(output);
                }
            }
        }
        return dependent;
    }

    /** The nodes of the path, in the graph's order. */
    List<NodeProto> nodes() {
        return nodes;
    }

    /** The tensors that have a slope. */
    Set<String> dependent() {
        return dependent;
    }

    /** Whether anything on the path is quantised. */
    boolean quantised() {
        return nodes.stream().anyMatch(node -> node.getOpType().equals("QuantizeLinear"));
    }

    /**
     * Finds all that cannot be differentiated before anything is derived.
     *
     * @throws UnsupportedGraphException which names every operator whose gradient is not known, and its nodes
     */
    void requireSupported(StaticGraph forward) {
        List<NodeProto> unsupported = nodes.stream()
                .filter(node -> OperatorGradients.of(node).isEmpty())
                .toList();
        if (!unsupported.isEmpty()) {
            throw new UnsupportedGraphException(
                    "The gradients of these operators are not known: %s. Export the model with others, or add their gradients (see CONTRIBUTING.md)."
                            .formatted(described(unsupported)));
        }
        requireStatic(forward);
    }

    /** Refuses a tensor of the path whose shape no one knows before the images are there. */
    void requireStatic(StaticGraph forward) {
        for (NodeProto node : nodes) {
            String output = node.getOutput(0);
            if (forward.types().shape(output).isEmpty()) {
                throw new UnsupportedGraphException(
                        "The node \"%s\" (%s) makes the tensor \"%s\", whose shape depends on the values of the images; such graphs are not differentiated. Export the model with a fixed size of its images."
                                .formatted(node.getName(), node.getOpType(), output));
            }
        }
    }

    private static UnsupportedGraphException unreachable(
            List<NodeProto> all, Set<String> dependent, Set<String> inputs, String output) {
        // data flow in both directions, whatever it is worth to a gradient: the path ends at the nodes in between
        Set<String> reaching = new HashSet<>(Set.of(output));
        List<NodeProto> ends = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            NodeProto node = all.get(i);
            if (node.getOutputList().stream().anyMatch(reaching::contains)) {
                reaching.addAll(node.getInputList());
                if (node.getInputList().stream().anyMatch(dependent::contains)
                        && node.getOutputList().stream().noneMatch(dependent::contains)) {
                    ends.add(0, node);
                }
            }
        }
        String input = String.join("\", \"", inputs);
        if (ends.isEmpty()) {
            return new UnsupportedGraphException(
                    "The output \"%s\" does not depend on the input \"%s\" at all; there is no gradient to follow. Choose another output."
                            .formatted(output, input));
        }
        return new UnsupportedGraphException(
                "The output \"%s\" does not depend on the input \"%s\" in a differentiable way: no gradient passes %s. Choose an output before that, such as the logits."
                        .formatted(output, input, described(ends)));
    }

    /** By operator, with the names of a few nodes: a network repeats itself. */
    private static String described(List<NodeProto> nodes) {
        Map<String, List<NodeProto>> byOperator = nodes.stream()
                .collect(Collectors.groupingBy(NodeProto::getOpType, LinkedHashMap::new, Collectors.toList()));
        return byOperator.entrySet().stream()
                .map(entry -> "%s (%s)".formatted(entry.getKey(), named(entry.getValue())))
                .collect(Collectors.joining(", "));
    }

    private static String named(List<NodeProto> nodes) {
        String names = nodes.stream()
                .limit(MOST_NAMED)
                .map(node -> "\"" + node.getName() + "\"")
                .collect(Collectors.joining(", "));
        String more = nodes.size() > MOST_NAMED ? " and %d more".formatted(nodes.size() - MOST_NAMED) : "";
        return (nodes.size() == 1 ? "node " : "nodes ") + names + more;
    }
}
