package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    LayerSearch(StaticGraph graph) {
        this.graph = graph;
        this.nodes = graph.model().getGraph().getNodeList();
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
        List<String> found = layers instanceof Layers.LastMap
                ? lastMap().stream().toList()
                : nodes.stream()
                        .filter(node -> node.getOpType().equals("Conv"))
                        .map(node -> normalised(node.getOutput(0)))
                        .map(tensor -> layers instanceof Layers.Convolutions ? tensor : activated(tensor))
                        .distinct()
                        .toList();
        if (found.isEmpty()) {
            throw new UnsupportedGraphException(
                    "The model has no layers of the kind %s. Name the tensors that are to be its features."
                            .formatted(layers));
        }
        return layers instanceof Layers.ActivatedAt at
                ? List.of(found.get((int) Math.round(at.share() * (found.size() - 1))))
                : found;
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
