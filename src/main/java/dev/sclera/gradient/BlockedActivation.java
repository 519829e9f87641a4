package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/**
 * A sigmoid of a tensor, or {@link GraphBuilder}'s step function, which is a steep one: 1 on one side of a threshold, 0
 * at it and on the other.
 *
 * <p>That it is put off has a second reason. The runtime computes first what comes last in the graph, where both could
 * be; so it comes to this while the tensor is still needed, and the other factor may take the tensor's memory.
 *
 * @param x the tensor
 * @param node Sigmoid or HardSigmoid
 */
record BlockedActivation(String x, NodeProto node) implements BlockedGraph.Deferred {

    private static final float STEEP = 0x1p100f;

    /** Whether it is 1 above zero. */
    boolean aboveZero() {
        return alpha() == STEEP && Attributes.real(node, "beta", 0.5f) == 0;
    }

    /** Whether it is 1 below a threshold, and not above. */
    boolean below(float threshold) {
        return alpha() == -STEEP && Attributes.real(node, "beta", 0.5f) == STEEP * threshold;
    }

    private float alpha() {
        return Attributes.real(node, "alpha", 0.2f);
    }

    @Override
    public String emit(BlockedGraph graph) {
        AttributeProto[] attributes = node.getAttributeList().toArray(AttributeProto[]::new);
        return graph.builder().add(node.getOpType(), List.of(graph.blocked(x)), attributes);
    }
}
