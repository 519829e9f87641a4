package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps ONNX Runtime from a wrong fusion: a padding with zeros before a maximum becomes that maximum's own padding,
 * which stands for minus infinity, so that negative values win at the borders where zero should. Seen in 1.28.0 and
 * 1.30.0 from its basic optimisations on (Pad_Fusion); it misgrades timm's {@code resnetv2_…_bit}, whose stem has no
 * ReLU.
 *
 * <p>A Clip without bounds in between computes nothing and is no part of the pattern. After a ReLU zero wins over
 * nothing, and the fusion is right.
 */
public final class PaddedMaximum {

    private static final String GUARD = "/unfused";

    private PaddedMaximum() {}

    /** The model, computing what it says. */
    public static ModelProto guarded(ModelProto model) {
        Map<String, NodeProto> makers = new HashMap<>();
        model.getGraph().getNodeList().forEach(node -> node.getOutputList().forEach(made -> makers.put(made, node)));
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
        boolean changed = false;
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getOpType().equals("MaxPool") && isPadded(makers, node.getInput(0))) {
                String padded = node.getInput(0);
                String guard = node.getOutput(0) + GUARD;
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("Clip")
                        .setName(guard)
                        .addInput(padded)
                        .addOutput(guard));
                graph.addNode(node.toBuilder().setInput(0, guard));
                changed = true;
            } else {
                graph.addNode(node);
            }
        }
        return changed ? model.toBuilder().setGraph(graph).build() : model;
    }

    private static boolean isPadded(Map<String, NodeProto> makers, String tensor) {
        NodeProto maker = makers.get(tensor);
        if (maker == null || !maker.getOpType().equals("Pad")) {
            return false;
        }
        NodeProto before = makers.get(maker.getInput(0));
        return before == null || !before.getOpType().equals("Relu");
    }
}
