package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
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

/**
 * Writes out loops whose number of turns is known: the body once per turn. What the graph grows to is bounded by
 * {@link NormalForm#MOST_NODES}. Loops that end by a condition stay as they are.
 */
final class LoopUnrolling {

    private final Map<String, TensorProto> constants;
    private final GraphProto.Builder graph;
    private long size;
    private boolean unrolled;

    private LoopUnrolling(GraphProto source) {
        this.constants = new HashMap<>(source.getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, weight -> weight, (first, second) -> first)));
        this.graph = source.toBuilder().clearNode();
        this.size = Subgraphs.nodes(source);
        source.getNodeList()
                .forEach(node -> graph.addAllNode(
                        turns(node).map(turns -> written(node, turns)).orElse(List.of(node))));
    }

    /** The model with its outermost loops written out; nothing where there are none that can be. */
    static Optional<ModelProto> of(ModelProto model) {
        LoopUnrolling unrolling = new LoopUnrolling(model.getGraph());
        return unrolling.unrolled
                ? Optional.of(model.toBuilder().setGraph(unrolling.graph).build())
                : Optional.empty();
    }

    /** How many turns a node that is a loop takes, where that is known; a scanned output needs one turn at least. */
    private Optional<Long> turns(NodeProto node) {
        if (!node.getOpType().equals("Loop") || !constants.containsKey(node.getInput(0)) || !neverEnds(node)) {
            return Optional.empty();
        }
        long turns = Math.max(0, Tensors.longs(constants.get(node.getInput(0)))[0]);
        boolean scans = node.getOutputCount() > node.getInputCount() - 2;
        return turns == 0 && scans ? Optional.empty() : Optional.of(turns);
    }

    /** Whether the condition holds before the first turn and after each. */
    private boolean neverEnds(NodeProto node) {
        GraphProto body = body(node);
        if (!node.getInput(1).isEmpty() && !holds(constants.get(node.getInput(1)))) {
            return false;
        }
        String condition = body.getOutput(0).getName();
        Set<String> seen = new HashSet<>();
        while (seen.add(condition)) {
            String name = condition;
            if (name.equals(body.getInput(1).getName()) || holds(constants.get(name))) {
                return true;
            }
            if (body.getInitializerList().stream()
                    .anyMatch(weight -> weight.getName().equals(name) && holds(weight))) {
                return true;
            }
            for (NodeProto inner : body.getNodeList()) {
                boolean passes = inner.getOpType().equals("Identity")
                        || inner.getOpType().equals("Cast");
                if (inner.getOutputList().contains(name) && passes) {
                    condition = inner.getInput(0);
                } else if (inner.getOutputList().contains(name)
                        && inner.getOpType().equals("Constant")) {
                    return Attributes.find(inner, "value")
                            .filter(value -> holds(value.getT()))
                            .isPresent();
                }
            }
        }
        return false;
    }

    private static boolean holds(@org.jspecify.annotations.Nullable TensorProto value) {
        if (value == null || value.getDataType() != TensorProto.DataType.BOOL_VALUE) {
            return false;
        }
        return value.hasRawData()
                ? value.getRawData().size() == 1 && value.getRawData().byteAt(0) != 0
                : value.getInt32DataCount() == 1 && value.getInt32Data(0) != 0;
    }

    private static GraphProto body(NodeProto node) {
        return Attributes.find(node, "body").orElseThrow().getG();
    }

    private List<NodeProto> written(NodeProto node, long turns) {
        GraphProto body = body(node);
        long each = 1 + Subgraphs.nodes(body);
        if (turns > NormalForm.MOST_NODES || size + turns * each > NormalForm.MOST_NODES) {
            throw NormalForm.tooManyNodes();
        }
        size += turns * each;
        unrolled = true;
        String prefix = (node.getName().isEmpty() ? node.getOutput(0) : node.getName()) + "/";
        for (TensorProto weight : body.getInitializerList()) {
            graph.addInitializer(weight.toBuilder().setName(prefix + weight.getName()));
        }
        Set<String> own = new HashSet<>();
        define(body, own);
        int carried = body.getInputCount() - 2;
        List<String> values = new ArrayList<>(node.getInputList().subList(2, 2 + carried));
        List<List<String>> scanned = new ArrayList<>();
        List<NodeProto> nodes = new ArrayList<>();
        for (long turn = 0; turn < turns; turn++) {
            Renaming renaming = renaming(body, values, own, prefix, turn);
            body.getNodeList().forEach(inner -> nodes.add(renaming.of(inner)));
            List<String> after = body.getOutputList().stream()
                    .skip(1)
                    .map(output -> renaming.name().apply(output.getName()))
                    .toList();
            values = new ArrayList<>(after.subList(0, carried));
            scanned.add(after.subList(carried, after.size()));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (node.getOutput(i).isEmpty()) {
                continue;
            }
            if (i < carried) {
                nodes.add(made("Identity", node.getOutput(i), List.of(values.get(i)))
                        .build());
            } else {
                nodes.addAll(stacked(node.getOutput(i), i - carried, scanned));
            }
        }
        return nodes;
    }

    private Renaming renaming(GraphProto body, List<String> values, Set<String> own, String prefix, long turn) {
        Map<String, String> names = new HashMap<>();
        body.getInitializerList().forEach(weight -> names.put(weight.getName(), prefix + weight.getName()));
        String number = "%sturn_%d".formatted(prefix, turn);
        graph.addInitializer(Tensors.of(number, new long[] {turn}));
        names.put(body.getInput(0).getName(), number);
        names.put(body.getInput(1).getName(), goesOn(prefix));
        for (int i = 0; i < values.size(); i++) {
            names.put(body.getInput(i + 2).getName(), values.get(i));
        }
        String ofTurn = "%s%d/".formatted(prefix, turn);
        return new Renaming(value -> names.getOrDefault(value, own.contains(value) ? ofTurn + value : value), ofTurn);
    }

    private String goesOn(String prefix) {
        String name = prefix + "goes_on";
        if (!constants.containsKey(name)) {
            TensorProto yes = TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.BOOL_VALUE)
                    .addInt32Data(1)
                    .build();
            constants.put(name, yes);
            graph.addInitializer(yes);
        }
        return name;
    }

    /** What each turn gave, along a new first axis. */
    private List<NodeProto> stacked(String output, int index, List<List<String>> scanned) {
        String axis = output + "/axis";
        graph.addInitializer(Tensors.of(axis, new long[] {0}, 1));
        List<NodeProto> nodes = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int turn = 0; turn < scanned.size(); turn++) {
            String row = "%s/row_%d".formatted(output, turn);
            nodes.add(made("Unsqueeze", row, List.of(scanned.get(turn).get(index), axis))
                    .build());
            rows.add(row);
        }
        nodes.add(made("Concat", output, rows)
                .addAttribute(Attributes.of("axis", 0L))
                .build());
        return nodes;
    }

    private static NodeProto.Builder made(String operator, String output, List<String> inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output);
    }

    /** Collects the names that a graph and the graphs within it define. */
    private static void define(GraphProto body, Set<String> names) {
        body.getInputList().forEach(input -> names.add(input.getName()));
        body.getInitializerList().forEach(weight -> names.add(weight.getName()));
        for (NodeProto node : body.getNodeList()) {
            names.addAll(node.getOutputList());
            Subgraphs.map(node, inner -> {
                define(inner, names);
                return inner;
            });
        }
        names.remove("");
    }
}
