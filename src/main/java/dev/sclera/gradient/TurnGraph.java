package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is to be done between the micro-batches of one step and those of the next, as one graph: the sums are put in
 * order, parameters and the optimiser's state follow, and what depends on parameters alone is computed of the new ones.
 * In one graph, each parameter goes all of its way while it is at hand.
 */
public final class TurnGraph {

    private static final String UPDATE = "update/";

    private static final String NEXT = "next/";

    private TurnGraph() {}

    /**
     * Puts the graph together.
     *
     * @param sums puts sums in order, from names that it shares with the update
     * @param update {@link TrainingGraph#update}
     * @param once computes of parameters what the micro-batches take, {@link Hoisting#once}
     * @return inputs: those of the three, but what one makes for another; outputs: those of the update and of the last
     * @throws IllegalArgumentException where the update cannot be written in the opset of the sums
     */
    public static ModelProto of(Sinking sums, TrainingGraph update, ModelProto once) {
        ModelProto ordering = sums.after();
        ModelProto updating = StaticGraph.opset(update.model()) == StaticGraph.opset(ordering)
                ? update.model()
                : RuntimeOpset.of(update.model());
        if (StaticGraph.opset(updating) != StaticGraph.opset(ordering)) {
            throw new IllegalArgumentException("the update is of opset %d, and the sums are of opset %d"
                    .formatted(StaticGraph.opset(updating), StaticGraph.opset(ordering)));
        }
        GraphProto.Builder graph =
                ordering.getGraph().toBuilder().setName("turn").clearOutput();
        add(graph, new Prefixing(UPDATE, namesOfUpdate(sums, updating)).of(updating.getGraph()));
        Map<String, String> names = new HashMap<>();
        update.variables(TrainingGraph.Kind.PARAMETER)
                .forEach(parameter -> names.put(parameter.input(), parameter.output()));
        once.getGraph().getOutputList().forEach(output -> names.put(output.getName(), output.getName()));
        add(graph, new Prefixing(NEXT, names).of(once.getGraph()));
        return ordering.toBuilder().setGraph(graph).build();
    }

    private static Map<String, String> namesOfUpdate(Sinking sums, ModelProto update) {
        Map<String, String> names = new HashMap<>();
        Stream.of(update.getGraph().getInputList(), update.getGraph().getOutputList())
                .flatMap(List::stream)
                .map(ValueInfoProto::getName)
                .forEach(name -> names.put(name, sums.sunk().contains(name) ? Sinking.inOrder(name) : name));
        return names;
    }

    /** Adds a graph; its inputs that nothing here makes become inputs of the whole. */
    private static void add(GraphProto.Builder graph, GraphProto other) {
        Set<String> made = new HashSet<>(Values.names(graph.getInputList()));
        graph.getNodeList().forEach(node -> made.addAll(node.getOutputList()));
        other.getInputList().stream()
                .filter(input -> !made.contains(input.getName()))
                .forEach(graph::addInput);
        graph.addAllNode(other.getNodeList())
                .addAllInitializer(other.getInitializerList())
                .addAllOutput(other.getOutputList());
    }
}
