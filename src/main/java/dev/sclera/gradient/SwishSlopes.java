package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
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
 * slope of y, is {@code d·(s + y·(1 − s))}. Two passes over the image less, of six.
 */
final class SwishSlopes {

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
        return model.toBuilder().setGraph(new SwishSlopes(model).run()).build();
    }

    private GraphProto run() {
        for (NodeProto node : source.getNodeList()) {
            if (!node.getOpType().equals("Add") || !(shortened(node, 0) || shortened(node, 1))) {
                graph.addNode(node);
            }
        }
        return withoutUnused();
    }

    /** Adds the short form of a sum, where its inputs are those of a SiLU's slope. */
    private boolean shortened(NodeProto add, int first) {
        NodeProto plain = producer(add.getInput(first), "Mul").orElse(null);
        NodeProto curved = producer(add.getInput(1 - first), "Mul").orElse(null);
        if (plain == null || curved == null) {
            return false;
        }
        for (int i = 0; i < 2; i++) {
            String slope = plain.getInput(i);
            String sigmoid = plain.getInput(1 - i);
            Optional<NodeProto> x = producer(sigmoid, "Sigmoid");
            if (x.isEmpty() || !isCurved(curved, slope, x.get().getInput(0), sigmoid)) {
                continue;
            }
            String y = products.get(key(x.get().getInput(0), sigmoid));
            if (y != null) {
                String rest = builder.add("Sub", List.of(builder.scalar(1), sigmoid));
                String derivative = builder.add("Add", List.of(builder.multiply(rest, y), sigmoid));
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("Mul")
                        .setName(add.getName())
                        .addInput(derivative)
                        .addInput(slope)
                        .addOutput(add.getOutput(0)));
                return true;
            }
        }
        return false;
    }

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
