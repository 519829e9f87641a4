package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much of a classifier is trained, counted from its output in the order of the graph. A layer is an operator with
 * weights (convolution, matrix product); what follows it up to the next one, as biases and normalisations, is part of
 * it.
 */
public enum TrainedLayers {
    /** The last layer. */
    HEAD,
    /** The last quarter of the layers, two at least; the head is one of them. */
    LAST_BLOCK,
    /** Every layer. */
    ALL;

    private static final Set<String> WEIGHTED = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

    /** No weight is as low: it stands for minus infinity where an attention is masked. */
    private static final float MASKED = -100;

    private static final int LEAST_OF_A_BLOCK = 2;

    /**
     * The names of the {@linkplain Parameters#of parameters} that are trained. Constants before the first layer, as an
     * input's mean, and masks are none; nor is what the output does not depend on.
     *
     * @param model a classifier
     * @param output the name of its output
     * @throws UnsupportedGraphException where no layer has weights
     */
    public Set<String> in(ModelProto model, String output) {
        List<Set<String>> layers = layers(Parameters.untied(model), output);
        if (layers.isEmpty()) {
            throw new UnsupportedGraphException(
                    "The model has no layer with 32-bit weights of its own between its input and its output \"%s\", so there is nothing to train."
                            .formatted(output));
        }
        int count = switch (this) {
            case HEAD -> 1;
            case LAST_BLOCK -> Math.max(LEAST_OF_A_BLOCK, (layers.size() + 3) / 4);
            case ALL -> layers.size();
        };
        Set<String> chosen = new LinkedHashSet<>();
        layers.subList(Math.max(0, layers.size() - count), layers.size()).forEach(chosen::addAll);
        return chosen;
    }

    private static List<Set<String>> layers(ModelProto untied, String output) {
        Map<String, TensorProto> parameters = new HashMap<>();
        Parameters.chosen(untied, name -> true).stream()
                .filter(weight -> !isMask(weight))
                .forEach(weight -> parameters.put(weight.getName(), weight));
        Set<String> needed = needed(untied, output);
        Set<String> constant = new HashSet<>(Set.of(""));
        untied.getGraph().getInitializerList().forEach(weight -> constant.add(weight.getName()));
        Map<String, Set<String>> behind = new HashMap<>();
        List<Set<String>> layers = new ArrayList<>();
        for (NodeProto node : untied.getGraph().getNodeList()) {
            if (node.getOutputList().stream().noneMatch(needed::contains)) {
                continue;
            }
            Set<String> own = parametersBehind(node, parameters, behind);
            if (constant.containsAll(node.getInputList())) {
                // a weight on its way, transposed or expanded, belongs where it is used
                node.getOutputList().forEach(made -> behind.put(made, own));
                constant.addAll(node.getOutputList());
            } else if (!own.isEmpty() && WEIGHTED.contains(node.getOpType())) {
                layers.add(new LinkedHashSet<>(own));
            } else if (!layers.isEmpty()) {
                layers.get(layers.size() - 1).addAll(own);
            }
        }
        return layers;
    }

    private static Set<String> parametersBehind(
            NodeProto node, Map<String, TensorProto> parameters, Map<String, Set<String>> behind) {
        Set<String> own = new LinkedHashSet<>();
        for (String input : node.getInputList()) {
            if (parameters.containsKey(input)) {
                own.add(input);
            }
            own.addAll(behind.getOrDefault(input, Set.of()));
        }
        return own;
    }

    private static boolean isMask(TensorProto weight) {
        for (float value : Tensors.floats(weight)) {
            if (value <= MASKED) {
                return true;
            }
        }
        return false;
    }

    /** The tensors that the output is computed from. */
    private static Set<String> needed(ModelProto model, String output) {
        Set<String> needed = new HashSet<>(Set.of(output));
        List<NodeProto> nodes = model.getGraph().getNodeList();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (nodes.get(i).getOutputList().stream().anyMatch(needed::contains)) {
                needed.addAll(nodes.get(i).getInputList());
            }
        }
        return needed;
    }
}
