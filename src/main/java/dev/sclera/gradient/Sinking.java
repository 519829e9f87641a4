package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A graph in two: all that it computes, and what then only brings some of its outputs into their order and shape. Where
 * those of many runs are added up, the sum alone is put in order: moving values and adding them commute.
 *
 * @param each as the whole graph; the outputs that are not in order yet bear the same names
 * @param after inputs: these, of float32; outputs: the same in order, under the names of {@link #inOrder}
 */
public record Sinking(ModelProto each, ModelProto after) {

    private static final Set<String> MOVES = Set.of("Reshape", "Transpose", "Identity");

    private static final Set<String> RESHAPES = Set.of("Reshape", "Identity");

    /**
     * Takes a graph apart.
     *
     * @param outputs the names of those of float32 that may be put in order later
     * @throws UnsupportedGraphException where the runtime refuses the graph
     */
    public static Sinking of(ModelProto model, Set<String> outputs) {
        return of(model, outputs, MOVES);
    }

    /**
     * The graph without what in the end only gives outputs of float32 another shape: their values are there before.
     *
     * @throws UnsupportedGraphException where the runtime refuses the graph
     */
    public static ModelProto withoutLastReshapes(ModelProto model) {
        Set<String> floats = model.getGraph().getOutputList().stream()
                .filter(output -> output.getType().getTensorType().getElemType() == TensorProto.DataType.FLOAT_VALUE)
                .map(ValueInfoProto::getName)
                .collect(Collectors.toSet());
        return of(model, floats, RESHAPES).each();
    }

    private static Sinking of(ModelProto model, Set<String> outputs, Set<String> sinking) {
        GraphProto graph = model.getGraph();
        Ends ends = new Ends(graph, sinking);
        Map<String, List<NodeProto>> chains = new LinkedHashMap<>();
        Set<String> sources = new HashSet<>();
        for (String output : Values.names(graph.getOutputList())) {
            List<NodeProto> moves = outputs.contains(output) ? ends.moves(output) : List.of();
            if (!moves.isEmpty() && sources.add(moves.get(0).getInput(0))) {
                chains.put(output, moves);
            }
        }
        GraphProto.Builder after = GraphProto.newBuilder().setName("after");
        Map<String, long[]> shapes =
                chains.isEmpty() ? Map.of() : TensorTypes.of(model).shapes();
        chains.values().removeIf(moves -> isUnknown(shapes.get(moves.get(0).getInput(0))));
        if (chains.isEmpty()) {
            return new Sinking(model, model.toBuilder().setGraph(after).build());
        }
        Map<String, String> names = new HashMap<>();
        Map<String, ValueInfoProto> unordered = new HashMap<>();
        Set<NodeProto> moved = new HashSet<>();
        chains.forEach((output, moves) -> {
            String source = moves.get(0).getInput(0);
            names.put(source, output);
            unordered.put(output, Values.of(output, TensorProto.DataType.FLOAT_VALUE, shapes.get(source)));
            moved.addAll(moves);
            after.addInput(unordered.get(output));
            after.addOutput(Values.of(inOrder(output), TensorProto.DataType.FLOAT_VALUE, shapes.get(output)));
            Prefixing renaming = new Prefixing("", Map.of(source, output, output, inOrder(output)));
            moves.forEach(move -> after.addNode(renaming.of(move)));
        });
        after.addAllInitializer(GraphParts.weights(graph, after.getNodeList()));
        List<NodeProto> kept = graph.getNodeList().stream()
                .filter(node -> !moved.contains(node))
                .toList();
        Prefixing renaming = new Prefixing("", names);
        GraphProto.Builder each = graph.toBuilder()
                .clearNode()
                .addAllNode(kept.stream().map(renaming::of).toList())
                .clearInitializer()
                .addAllInitializer(GraphParts.weights(graph, kept))
                .clearOutput();
        graph.getOutputList().forEach(output -> each.addOutput(unordered.getOrDefault(output.getName(), output)));
        return new Sinking(
                model.toBuilder().setGraph(each).build(),
                model.toBuilder().setGraph(after).build());
    }

    private static boolean isUnknown(long @Nullable [] shape) {
        return shape == null || Arrays.stream(shape).anyMatch(length -> length < 1);
    }

    /** The name of an output once it is in order. */
    public static String inOrder(String output) {
        return output + "/in_order";
    }

    /** The names of the outputs that are put in order later. */
    public Set<String> sunk() {
        return new LinkedHashSet<>(Values.names(after.getGraph().getInputList()));
    }

    /** How the outputs of a graph come to be. */
    private static final class Ends {

        private final Map<String, NodeProto> producers = new LinkedHashMap<>();
        private final Map<String, Integer> readers = new HashMap<>();
        private final Set<String> constants;
        private final Set<String> outputs;
        private final Set<String> sinking;

        Ends(GraphProto graph, Set<String> sinking) {
            this.sinking = sinking;
            constants = SubGraph.initializers(graph);
            outputs = Set.copyOf(Values.names(graph.getOutputList()));
            for (NodeProto node : graph.getNodeList()) {
                node.getOutputList().forEach(output -> producers.put(output, node));
                node.getInputList().forEach(input -> readers.merge(input, 1, Integer::sum));
            }
        }

        /**
         * The moves that lead to an output and to nothing else, the first of them first; what is only called another
         * shape may be read by others too.
         */
        List<NodeProto> moves(String output) {
            List<NodeProto> moves = new ArrayList<>();
            String tensor = output;
            int expected = 0;
            while (isMoved(tensor, expected)) {
                NodeProto move = producers.get(tensor);
                moves.add(0, move);
                tensor = move.getInput(0);
                expected = 1;
            }
            return moves;
        }

        private boolean isMoved(String tensor, int expectedReaders) {
            NodeProto node = producers.get(tensor);
            if (node == null
                    || !sinking.contains(node.getOpType())
                    || readers.getOrDefault(tensor, 0) != expectedReaders) {
                return false;
            }
            String source = node.getInput(0);
            boolean computed = producers.containsKey(source) && !outputs.contains(source);
            boolean free = sinking.equals(RESHAPES) || readers.get(source) == 1;
            return computed && free && constants.containsAll(node.getInputList().subList(1, node.getInputCount()));
        }
    }
}
