package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Set;

/**
 * Writes a graph in the forms of opset {@value #OPSET} for the runtime of this machine, which then has operators that
 * the opsets of most models lack. What is saved or exported stays in the opset of its model.
 */
final class RuntimeOpset {

    /** The first opset that dequantizes with a scale of its own for each value. */
    static final long OPSET = 21;

    /** The first format of files that knows the opset. */
    private static final long IR_VERSION = 10;

    /** Reductions that took their axes as an attribute before opset 18. */
    private static final Set<String> REDUCTIONS = Set.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare");

    private RuntimeOpset() {}

    /**
     * The graph at that opset; as it is where it is at a later one, or holds what such a change may compute otherwise.
     *
     * @param model in {@link NormalForm}
     */
    static ModelProto of(ModelProto model) {
        boolean kept = StaticGraph.opset(model) >= OPSET
                || model.getGraph().getNodeList().stream().anyMatch(RuntimeOpset::changedMeaning);
        if (kept) {
            return model;
        }
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
        GraphBuilder builder = new GraphBuilder(graph, OPSET, "opset/");
        model.getGraph().getNodeList().forEach(node -> graph.addNode(rewritten(node, builder)));
        return NormalForm.withOpset(model, OPSET)
                .setGraph(graph)
                .setIrVersion(Math.max(IR_VERSION, model.getIrVersion()))
                .build();
    }

    /** Whether an operator may compute something else, or is written otherwise than {@link #rewritten} knows. */
    private static boolean changedMeaning(NodeProto node) {
        boolean inner = node.getAttributeList().stream().anyMatch(attribute -> attribute.hasG());
        return inner
                || switch (node.getOpType()) {
                    // opset 19 counts the last window otherwise where the output's size is rounded up
                    case "AveragePool" -> Attributes.integer(node, "ceil_mode", 0) != 0;
                    // other places of pixels from opset 16, an axis as an input from 20, modes of other names from 20
                    case "RoiAlign", "DFT", "GridSample" -> true;
                    default -> false;
                };
    }

    private static NodeProto rewritten(NodeProto node, GraphBuilder builder) {
        if (REDUCTIONS.contains(node.getOpType())) {
            return withAxesAsInput(node, builder);
        }
        boolean inEqualParts = node.getOpType().equals("Split")
                && (node.getInputCount() == 1 || node.getInput(1).isEmpty());
        if (!inEqualParts || Attributes.find(node, "num_outputs").isPresent()) {
            return node;
        }
        return node.toBuilder()
                .clearInput()
                .addInput(node.getInput(0))
                .addAttribute(Attributes.of("num_outputs", (long) node.getOutputCount()))
                .build();
    }

    private static NodeProto withAxesAsInput(NodeProto node, GraphBuilder builder) {
        NodeProto.Builder changed = Attributes.without(node, "axes");
        Attributes.integers(node, "axes").ifPresent(axes -> changed.addInput(builder.longs(axes)));
        return changed.build();
    }
}
