package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts the bodies of a model's own functions (ONNX IR specification, "Functions") in the place of the nodes that call
 * them. A file is untrusted: functions that call themselves, and those that multiply, end in an error and not in a full
 * memory.
 */
final class FunctionInlining {

    private static final int DEEPEST = 32;

    private final Map<String, FunctionProto> functions;
    private int calls;
    private long nodes;

    private FunctionInlining(ModelProto model) {
        this.functions = model.getFunctionsList().stream()
                .collect(Collectors.toMap(
                        function -> key(function.getDomain(), function.getName(), function.getOverload()),
                        function -> function,
                        (first, second) -> first));
    }

    /** The model without functions. */
    static ModelProto of(ModelProto model) {
        if (model.getFunctionsCount() == 0) {
            return model;
        }
        ModelProto.Builder flat = model.toBuilder().clearFunctions();
        flat.setGraph(new FunctionInlining(model).inlined(model.getGraph()));
        Set<String> domains = model.getOpsetImportList().stream()
                .map(OperatorSetIdProto::getDomain)
                .collect(Collectors.toSet());
        for (FunctionProto function : model.getFunctionsList()) {
            for (OperatorSetIdProto opset : function.getOpsetImportList()) {
                if (domains.add(opset.getDomain())) {
                    flat.addOpsetImport(opset);
                }
            }
        }
        return flat.build();
    }

    private static String key(String domain, String name, String overload) {
        return (domain.equals("ai.onnx") ? "" : domain) + "|" + name + "|" + overload;
    }

    private GraphProto inlined(GraphProto graph) {
        GraphProto.Builder flat = graph.toBuilder().clearNode();
        graph.getNodeList().forEach(node -> flat.addAllNode(inlined(node, 0)));
        return flat.build();
    }

    private List<NodeProto> inlined(NodeProto node, int depth) {
        FunctionProto function = functions.get(key(node.getDomain(), node.getOpType(), node.getOverload()));
        if (function == null) {
            if (++nodes > NormalForm.MOST_NODES) {
                throw NormalForm.tooManyNodes();
            }
            return List.of(Subgraphs.map(node, this::inlined));
        }
        if (depth == DEEPEST) {
            throw new UnsupportedGraphException(
                    "The function \"%s\" calls functions more than %d deep. Export the model without functions."
                            .formatted(function.getName(), DEEPEST));
        }
        Renaming renaming = renaming(node, function);
        List<NodeProto> body = new ArrayList<>();
        for (NodeProto inner : function.getNodeList()) {
            body.addAll(inlined(renaming.of(bound(inner, node, function)), depth + 1));
        }
        return body;
    }

    /** The caller's names for what it passes, names of their own for all else. */
    private Renaming renaming(NodeProto node, FunctionProto function) {
        calls++;
        String prefix = "%s_%d/".formatted(node.getName().isEmpty() ? function.getName() : node.getName(), calls);
        Map<String, String> passed = new HashMap<>();
        for (int i = 0; i < function.getInputCount(); i++) {
            passed.put(function.getInput(i), i < node.getInputCount() ? node.getInput(i) : "");
        }
        for (int i = 0; i < function.getOutputCount(); i++) {
            String actual = i < node.getOutputCount() ? node.getOutput(i) : "";
            if (!actual.isEmpty()) {
                passed.put(function.getOutput(i), actual);
            }
        }
        return new Renaming(value -> passed.getOrDefault(value, prefix + value), prefix);
    }

    /** A node of the function's body with the values of the caller's attributes, or else their defaults. */
    private static NodeProto bound(NodeProto inner, NodeProto caller, FunctionProto function) {
        NodeProto.Builder bound = inner.toBuilder().clearAttribute();
        for (AttributeProto attribute : inner.getAttributeList()) {
            if (attribute.getRefAttrName().isEmpty()) {
                bound.addAttribute(attribute);
                continue;
            }
            Attributes.find(caller, attribute.getRefAttrName())
                    .or(() -> function.getAttributeProtoList().stream()
                            .filter(declared -> declared.getName().equals(attribute.getRefAttrName()))
                            .findFirst())
                    .ifPresent(value -> bound.addAttribute(value.toBuilder().setName(attribute.getName())));
        }
        return Subgraphs.map(bound.build(), graph -> {
            GraphProto.Builder changed = graph.toBuilder();
            for (int i = 0; i < graph.getNodeCount(); i++) {
                changed.setNode(i, bound(graph.getNode(i), caller, function));
            }
            return changed.build();
        });
    }
}
