package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds layers of a kind in a static graph. */
final class LayerSearch {

    private static final Set<String> ACTIVATIONS = Set.of(
            "Relu",
            "LeakyRelu",
            "PRelu",
            "Clip",
            "Elu",
            "Selu",
            "Celu",
            "ThresholdedRelu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Tanh",
            "Softplus",
            "Softsign",
            "Gelu",
            "Mish");

    /** What the gates of SiLU, GELU, Mish and the like are put together from. */
    private static final Set<String> OF_GATES =
            Set.of("Sigmoid", "HardSigmoid", "Clip", "Relu", "Tanh", "Erf", "Softplus", "Add", "Mul", "Div");

    private static final int LONGEST_GATE = 6;

    private final StaticGraph graph;
    private final List<NodeProto> nodes;
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Set<String> constants;

    /** @param begin the tensor with which the network begins; what leads to it is no layer of it */
    LayerSearch(StaticGraph graph, String begin) {
        this.graph = graph;
        this.nodes = behind(begin, graph.model().getGraph().getNodeList());
        this.constants = graph.model().getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        for (NodeProto node : nodes) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            node.getInputList().stream()
                    .distinct()
                    .forEach(input -> consumers
                            .computeIfAbsent(input, absent -> new ArrayList<>())
                            .add(node));
        }
    }

    /** The tensors that layers give, in the order in which they are computed. */
    List<String> find(Layers layers) {
        List<String> found;
        if (layers instanceof Layers.LastMap) {
            found = lastMap().stream().toList();
        } else if (layers instanceof Layers.Convolutions) {
            found = convolutions();
        } else {
            found = convolutions().stream().map(this::activated).distinct().toList();
            if (layers instanceof Layers.Hidden && found.size() <= 1) {
                found = Stream.concat(found.stream(), activatedProducts()).toList();
            }
        }
        if (found.isEmpty()) {
            throw new UnsupportedGraphException(
                    "The model has no layers of the kind %s. Name the tensors that are to be its features."
                            .formatted(layers));
        }
        return layers instanceof Layers.ActivatedAt at
                ? List.of(found.get((int) Math.round(at.share() * (found.size() - 1))))
                : found;
    }

    private static List<NodeProto> behind(String begin, List<NodeProto> nodes) {
        Set<String> reached = new HashSet<>(Set.of(begin));
        List<NodeProto> behind = new ArrayList<>();
        for (NodeProto node : nodes) {
            if (node.getInputList().stream().anyMatch(reached::contains)) {
                reached.addAll(node.getOutputList());
                behind.add(node);
            }
        }
        return behind;
    }

    private List<String> convolutions() {
        return nodes.stream()
                .filter(node -> node.getOpType().equals("Conv"))
                .map(node -> normalised(node.getOutput(0)))
                .toList();
    }

    private Stream<String> activatedProducts() {
        return nodes.stream()
                .filter(node -> Set.of("MatMul", "Gemm").contains(node.getOpType()))
                .filter(node -> node.getInputList().stream().anyMatch(constants::contains))
                .map(node -> biased(reshaped(node.getOutput(0))))
                .filter(tensor -> !activated(tensor).equals(tensor))
                .map(this::activated);
    }

    /** Past a change of shape: ONNX Runtime writes a product of many tokens as one of matrices, between two. */
    private String reshaped(String tensor) {
        List<NodeProto> next = consumers.getOrDefault(tensor, List.of());
        return next.size() == 1 && next.get(0).getOpType().equals("Reshape")
                ? next.get(0).getOutput(0)
                : tensor;
    }

    private String biased(String tensor) {
        List<NodeProto> next = consumers.getOrDefault(tensor, List.of());
        boolean bias = next.size() == 1
                && next.get(0).getOpType().equals("Add")
                && next.get(0).getInputList().stream().anyMatch(constants::contains);
        return bias ? next.get(0).getOutput(0) : tensor;
    }

    private Optional<String> lastMap() {
        Optional<String> last = Optional.empty();
        for (NodeProto node : nodes) {
            long[] shape = graph.shapes().getOrDefault(node.getOutput(0), new long[0]);
            if (shape.length == 4 && shape[2] * shape[3] > 1) {
                last = Optional.of(node.getOutput(0));
            }
        }
        return last;
    }

    private String normalised(String tensor) {
        List<NodeProto> next = consumers.getOrDefault(tensor, List.of());
        return next.size() == 1 && next.get(0).getOpType().equals("BatchNormalization")
                ? next.get(0).getOutput(0)
                : tensor;
    }

    private String activated(String tensor) {
        List<NodeProto> next = consumers.getOrDefault(tensor, List.of());
        for (NodeProto node : next) {
            if (node.getOpType().equals("Mul") && isGated(node, tensor)) {
                return scaled(node.getOutput(0));
            }
        }
        return next.size() == 1 && ACTIVATIONS.contains(next.get(0).getOpType())
                ? next.get(0).getOutput(0)
                : tensor;
    }

    /** Whether a product's other factor is a function of the tensor alone. */
    private boolean isGated(NodeProto product, String tensor) {
        String gate = product.getInput(0).equals(tensor) ? product.getInput(1) : product.getInput(0);
        for (int step = 0; step < LONGEST_GATE; step++) {
            if (gate.equals(tensor)) {
                return step > 0;
            }
            NodeProto producer = producers.get(gate);
            if (producer == null || !OF_GATES.contains(producer.getOpType())) {
                return false;
            }
            List<String> variable = producer.getInputList().stream()
                    .filter(input -> !input.isEmpty() && !constants.contains(input))
                    .toList();
            if (variable.size() != 1) {
                return false;
            }
            gate = variable.get(0);
        }
        return false;
    }

    /** Past a constant factor, as the sixth of a hard swish or the half of a GELU. */
    private String scaled(String tensor) {
        List<NodeProto> next = consumers.getOrDefault(tensor, List.of());
        boolean factor = next.size() == 1
                && Set.of("Mul", "Div").contains(next.get(0).getOpType())
                && next.get(0).getInput(0).equals(tensor)
                && constants.contains(next.get(0).getInput(1));
        return factor ? next.get(0).getOutput(0) : tensor;
    }
}
