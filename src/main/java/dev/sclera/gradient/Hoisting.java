package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A graph in two: what depends on some of its inputs alone, and all else. Where those inputs stay as they are for many
 * runs, as parameters do for a step's micro-batches, the first is run once, and the second takes its outputs.
 *
 * @param once inputs: the chosen ones; outputs: tensors that the other graph takes
 * @param each as the whole graph, with those tensors as further inputs; chosen inputs that it no longer reads are none
 */
public record Hoisting(ModelProto once, ModelProto each) {

    /**
     * Takes a graph apart.
     *
     * @param inputs the names of those that stay as they are
     * @return empty where nothing depends on them alone, or what does is not all float32
     */
    public static Optional<Hoisting> of(ModelProto model, Set<String> inputs) {
        GraphProto graph = model.getGraph();
        Set<String> outputs = new HashSet<>(Values.names(graph.getOutputList()));
        Set<String> constant = new HashSet<>(Set.of(""));
        graph.getInitializerList().forEach(weight -> constant.add(weight.getName()));
        Set<String> early = new HashSet<>(inputs);
        Set<String> made = new HashSet<>();
        List<NodeProto> first = new ArrayList<>();
        List<NodeProto> second = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            boolean fixed = constant.containsAll(node.getInputList());
            boolean ready =
                    node.getInputList().stream().allMatch(input -> constant.contains(input) || early.contains(input))
                            && node.getOutputList().stream().noneMatch(outputs::contains);
            if (fixed) {
                constant.addAll(node.getOutputList());
                first.add(node);
                second.add(node);
            } else if (ready) {
                early.addAll(node.getOutputList());
                made.addAll(node.getOutputList());
                first.add(node);
            } else {
                second.add(node);
            }
        }
        Set<String> read = GraphParts.read(second);
        made.retainAll(read);
        return made.isEmpty() ? Optional.empty() : hoisting(model, inputs, first, made, second);
    }

    /** A graph of which nothing is computed beforehand. */
    public static Hoisting nothing(ModelProto model) {
        GraphProto once = GraphProto.newBuilder().setName("once").build();
        return new Hoisting(model.toBuilder().setGraph(once).build(), model);
    }

    private static Optional<Hoisting> hoisting(
            ModelProto model, Set<String> inputs, List<NodeProto> first, Set<String> made, List<NodeProto> second) {
        GraphProto graph = model.getGraph();
        List<NodeProto> needed = GraphParts.needed(first, made);
        List<ValueInfoProto> chosen = graph.getInputList().stream()
                .filter(input -> inputs.contains(input.getName()))
                .toList();
        GraphProto.Builder once = GraphProto.newBuilder().setName("once").addAllNode(needed);
        Set<String> reads = GraphParts.read(needed);
        once.addAllInput(
                chosen.stream().filter(input -> reads.contains(input.getName())).toList());
        once.addAllInitializer(GraphParts.weights(graph, needed));
        TensorTypes types = TensorTypes.of(model.toBuilder().setGraph(once).build());
        if (!types.floats().containsAll(made)) {
            return Optional.empty();
        }
        List<ValueInfoProto> passed = made.stream()
                .sorted()
                .map(name -> Values.of(
                        name, TensorProto.DataType.FLOAT_VALUE, types.shapes().get(name)))
                .toList();
        once.addAllOutput(passed);
        Set<String> readLater = GraphParts.read(second);
        GraphProto.Builder each =
                graph.toBuilder().clearNode().addAllNode(second).clearInput().clearInitializer();
        each.addAllInput(graph.getInputList().stream()
                .filter(input -> !inputs.contains(input.getName()) || readLater.contains(input.getName()))
                .toList());
        each.addAllInput(passed);
        each.addAllInitializer(GraphParts.weights(graph, second));
        return Optional.of(new Hoisting(
                model.toBuilder().setGraph(once).build(),
                model.toBuilder().setGraph(each).build()));
    }
}
