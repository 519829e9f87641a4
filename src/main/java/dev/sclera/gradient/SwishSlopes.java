package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Shortens what differentiation makes of SiLU, y = x·s with s the sigmoid of x: {@code d·s + d·x·(s·(1 − s))}, d the
 * slope of y, is {@code d·s·(1 − y + x)}. And y is left to the runtime's one operator for it, s computed anew for the
 * slope: what is kept from the forward pass to the backward one is as much, and a pass over the image less.
 */
final class SwishSlopes {

    /** The domain of ONNX Runtime's own operators. */
    private static final String RUNTIME = "com.microsoft";

    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, String> products = new HashMap<>();
    private final GraphProto source;
    private final GraphBuilder builder;
    private final GraphProto.Builder graph;

    private SwishSlopes(ModelProto model) {
        source = model.getGraph();
        graph = source.toBuilder().clearNode();
        builder = new GraphBuilder(graph, StaticGraph.opset(model), "swish/");
        for (NodeProto node : source.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            if (node.getOpType().equals("Mul")) {
                products.put(key(node.getInput(0), node.getInput(1)), node.getOutput(0));
            }
        }
    }

    /** The graph with such slopes shortened. */
    static ModelProto simplified(ModelProto model) {
        return model.toBuilder()
                .setGraph(new SwishSlopes(model).run())
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(RUNTIME).setVersion(1))
                .build();
    }

    private GraphProto run() {
        Map<NodeProto, Slope> slopes = new HashMap<>();
        Map<String, String> swishes = new HashMap<>();
        for (NodeProto node : source.getNodeList()) {
            if (node.getOpType().equals("Add")) {
                Optional<Slope> slope = slope(node, 0).or(() -> slope(node, 1));
                slope.ifPresent(found -> slopes.put(node, found));
                slope.ifPresent(found -> swishes.put(found.y(), found.x()));
            }
        }
        for (NodeProto node : source.getNodeList()) {
            if (slopes.containsKey(node)) {
                add(slopes.get(node), node);
            } else if (swishes.containsKey(node.getOutput(0))) {
                graph.addNode(NodeProto.newBuilder()
                        .setDomain(RUNTIME)
                        .setOpType("QuickGelu")
                        .setName(node.getName())
                        .addInput(swishes.get(node.getOutput(0)))
                        .addOutput(node.getOutput(0))
                        .addAttribute(Attributes.of("alpha", 1f)));
            } else {
                graph.addNode(node);
            }
        }
        return withoutUnused();
    }

    private void add(Slope slope, NodeProto sum) {
        String sigmoid = builder.add("Sigmoid", List.of(slope.x()));
        String rest = builder.minus(builder.scalar(1), slope.y());
        String derivative = builder.multiply(builder.plus(rest, slope.x()), sigmoid);
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Mul")
                .setName(sum.getName())
                .addInput(derivative)
                .addInput(slope.d())
                .addOutput(sum.getOutput(0)));
    }

    /** What a sum computes, where its inputs are those of a SiLU's slope. */
    private Optional<Slope> slope(NodeProto add, int first) {
        NodeProto plain = producer(add.getInput(first), "Mul").orElse(null);
        NodeProto curved = producer(add.getInput(1 - first), "Mul").orElse(null);
        if (plain == null || curved == null) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            String d = plain.getInput(i);
            String sigmoid = plain.getInput(1 - i);
            Optional<NodeProto> x = producer(sigmoid, "Sigmoid");
            if (x.isEmpty() || !isCurved(curved, d, x.get().getInput(0), sigmoid)) {
                continue;
            }
            String y = products.get(key(x.get().getInput(0), sigmoid));
            if (y != null) {
                return Optional.of(new Slope(x.get().getInput(0), y, d));
            }
        }
        return Optional.empty();
    }

    /**
     * The slope of a SiLU's input.
     *
     * @param x the input
     * @param y the output
     * @param d the slope of the output
     */
    private record Slope(String x, String y, String d) {}

    /** Whether a product is {@code (slope·x)·(s·(1 − s))}. */
    private boolean isCurved(NodeProto product, String slope, String x, String sigmoid) {
        for (int i = 0; i < 2; i++) {
            NodeProto bell = producer(product.getInput(1 - i), "Mul").orElse(null);
            if (product.getInput(i).equals(products.get(key(slope, x))) && bell != null && isBell(bell, sigmoid)) {
                return true;
            }
        }
        return false;
    }

    private boolean isBell(NodeProto product, String sigmoid) {
        for (int i = 0; i < 2; i++) {
            NodeProto rest = producer(product.getInput(1 - i), "Sub").orElse(null);
            if (product.getInput(i).equals(sigmoid)
                    && rest != null
                    && rest.getInput(1).equals(sigmoid)
                    && isOne(rest.getInput(0))) {
                return true;
            }
        }
        return false;
    }

    private boolean isOne(String constant) {
        return source.getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals(constant))
                .anyMatch(tensor -> Tensors.size(Tensors.shape(tensor)) == 1 && Tensors.floats(tensor)[0] == 1);
    }

    private Optional<NodeProto> producer(String tensor, String type) {
        return Optional.ofNullable(producers.get(tensor))
                .filter(node -> node.getOpType().equals(type));
    }

    private static String key(String a, String b) {
        return a.compareTo(b) < 0 ? a + "\n" + b : b + "\n" + a;
    }

    private GraphProto withoutUnused() {
        Set<String> used = new HashSet<>();
        source.getOutputList().forEach(output -> used.add(output.getName()));
        List<NodeProto> kept = new ArrayList<>();
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(used::contains)) {
                used.addAll(node.getInputList());
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        return graph.clearNode().addAllNode(kept).build();
    }
}
