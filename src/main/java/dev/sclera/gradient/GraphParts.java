package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes a graph apart into such as can run side by side: outputs that nothing is computed for in common. */
public final class GraphParts {

    private GraphParts() {}

    /**
     * The parts, of about as many values of outputs each.
     *
     * @param model of outputs with shapes
     * @param most how many parts at most, from 1
     */
    public static List<ModelProto> of(ModelProto model, int most) {
        List<List<ValueInfoProto>> shares = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            shares.add(new ArrayList<>());
        }
        // the largest first, each to whom has the least
        together(model.getGraph()).stream()
                .sorted(Comparator.comparingLong(GraphParts::size).reversed())
                .forEach(outputs -> shares.stream()
                        .min(Comparator.comparingLong(GraphParts::size))
                        .orElseThrow()
                        .addAll(outputs));
        return shares.stream()
                .filter(share -> !share.isEmpty())
                .map(share -> part(model, share))
                .toList();
    }

    private static long size(List<ValueInfoProto> outputs) {
        return outputs.stream()
                .mapToLong(output -> Tensors.size(Values.shape(output)))
                .sum();
    }

    /**
     * The outputs, those together that come of the same computed tensors; but what comes of constants and scalars alone
     * is soon computed in each part.
     */
    private static List<List<ValueInfoProto>> together(GraphProto graph) {
        Map<String, String> leaders = new HashMap<>();
        Set<String> cheap = new HashSet<>(SubGraph.initializers(graph));
        graph.getInputList().stream().filter(GraphParts::isScalar).forEach(input -> cheap.add(input.getName()));
        for (NodeProto node : graph.getNodeList()) {
            if (cheap.containsAll(node.getInputList())) {
                cheap.addAll(node.getOutputList());
                continue;
            }
            String leader = node.getOutput(0);
            for (String output : node.getOutputList()) {
                leaders.put(output, leader);
            }
            for (String input : node.getInputList()) {
                if (leaders.containsKey(input)) {
                    leaders.put(leader(input, leaders), leader);
                }
            }
        }
        Map<String, List<ValueInfoProto>> together = new LinkedHashMap<>();
        graph.getOutputList()
                .forEach(output -> together.computeIfAbsent(
                                leader(output.getName(), leaders), absent -> new ArrayList<>())
                        .add(output));
        return List.copyOf(together.values());
    }

    private static boolean isScalar(ValueInfoProto input) {
        return input.getType().getTensorType().hasShape()
                && input.getType().getTensorType().getShape().getDimCount() == 0;
    }

    private static String leader(String tensor, Map<String, String> leaders) {
        String leader = tensor;
        while (!leaders.getOrDefault(leader, leader).equals(leader)) {
            leader = leaders.get(leader);
        }
        return leader;
    }

    private static ModelProto part(ModelProto model, List<ValueInfoProto> outputs) {
        GraphProto graph = model.getGraph();
        List<NodeProto> needed = needed(graph.getNodeList(), Set.copyOf(Values.names(outputs)));
        Set<String> read = read(needed);
        GraphProto.Builder part = graph.toBuilder()
                .clearNode()
                .addAllNode(needed)
                .clearInput()
                .addAllInput(graph.getInputList().stream()
                        .filter(input -> read.contains(input.getName()))
                        .toList())
                .clearInitializer()
                .addAllInitializer(weights(graph, needed))
                .clearOutput()
                .addAllOutput(outputs);
        return model.toBuilder().setGraph(part).build();
    }

    /** The constants of a graph that some nodes read. */
    static List<TensorProto> weights(GraphProto graph, List<NodeProto> nodes) {
        Set<String> read = read(nodes);
        return graph.getInitializerList().stream()
                .filter(weight -> read.contains(weight.getName()))
                .toList();
    }

    /** The tensors that some nodes read. */
    static Set<String> read(List<NodeProto> nodes) {
        Set<String> read = new HashSet<>();
        nodes.forEach(node -> read.addAll(node.getInputList()));
        return read;
    }

    /** The nodes that some tensors come of, in their order. */
    static List<NodeProto> needed(List<NodeProto> nodes, Set<String> made) {
        Set<String> wanted = new HashSet<>(made);
        List<NodeProto> needed = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            NodeProto node = nodes.get(i);
            if (node.getOutputList().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.getInputList());
                needed.add(0, node);
            }
        }
        return needed;
    }
}
