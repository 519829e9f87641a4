package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites a model of an older opset in the operators' forms of opset {@value #TARGET}, with the same results. Later
 * ones stay as they are: what changed since then in classifiers' operators is where axes are given, and the rules look
 * in both places. (ONNX operator changelog, {@code docs/Changelog.md} of the ONNX repository.)
 */
final class OpsetUpgrade {

    /** The first opset whose forms the rules know. */
    static final long TARGET = 13;

    private final ModelProto model;
    private final long opset;
    private final GraphProto.Builder graph;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Set<String> read = new HashSet<>();
    private Optional<TensorTypes> types = Optional.empty();
    private int added;

    private OpsetUpgrade(ModelProto model) {
        this.model = model;
        this.opset = NormalForm.opset(model);
        this.graph = model.getGraph().toBuilder();
        collect(model.getGraph());
    }

    /** The model at the target opset, or at its own where that is later. */
    static ModelProto of(ModelProto model) {
        boolean rewritten = NormalForm.opset(model) < TARGET
                || model.getGraph().getNodeList().stream()
                        .anyMatch(node -> OpsetRewrites.of(node, Long.MAX_VALUE).isPresent());
        return rewritten ? new OpsetUpgrade(model).upgraded() : model;
    }

    private ModelProto upgraded() {
        List<NodeProto> nodes = graph.getNodeList();
        graph.clearNode();
        nodes.forEach(node -> graph.addAllNode(upgraded(node)));
        return NormalForm.withOpset(model, Math.max(TARGET, opset))
                .setGraph(graph)
                .build();
    }

    private List<NodeProto> upgraded(NodeProto node) {
        NodeProto whole = Subgraphs.map(node, inner -> {
            GraphProto.Builder changed = inner.toBuilder().clearNode();
            inner.getNodeList().forEach(one -> changed.addAllNode(upgraded(one)));
            return changed.build();
        });
        boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
        return standard
                ? OpsetRewrites.of(whole, opset)
                        .map(rewrite -> rewrite.apply(whole, this))
                        .orElse(List.of(whole))
                : List.of(whole);
    }

    private void collect(GraphProto part) {
        part.getInitializerList().forEach(weight -> constants.put(weight.getName(), weight));
        part.getOutputList().forEach(output -> read.add(output.getName()));
        for (NodeProto node : part.getNodeList()) {
            read.addAll(node.getInputList());
            if (node.getOpType().equals("Constant")) {
                Attributes.find(node, "value")
                        .map(AttributeProto::getT)
                        .ifPresent(value -> constants.put(node.getOutput(0), value));
            }
            Subgraphs.map(node, inner -> {
                collect(inner);
                return inner;
            });
        }
    }

    /** The opset the model came in. */
    long opset() {
        return opset;
    }

    /** Whether anything reads a value. */
    boolean reads(String value) {
        return read.contains(value);
    }

    /** The constant behind a name, where it is one. */
    Optional<TensorProto> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /** The shape of a tensor, where all of it follows from the graph as it came. */
    Optional<long[]> shape(String tensor) {
        if (types.isEmpty()) {
            types = Optional.of(TensorTypes.of(model));
        }
        return types.orElseThrow().shape(tensor);
    }

    /** The name of a new vector of integers. */
    String longs(long... values) {
        return constant(Tensors.of(name("constant"), values, values.length));
    }

    /** The name of a new tensor of floats. */
    String floats(float[] values, long... shape) {
        return constant(Tensors.of(name("constant"), values, shape));
    }

    private String constant(TensorProto tensor) {
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    /** A name for a new value. */
    String name(String what) {
        added++;
        return "upgrade/%s_%d".formatted(what, added);
    }
}
