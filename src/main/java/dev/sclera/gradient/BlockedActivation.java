package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/**
 * A sigmoid of a tensor, or {@link GraphBuilder}'s step function, which is a steep one: 1 on one side of a threshold, 0
 * at it and on the other.
 *
 * <p>That a sigmoid is put off has a second reason. The runtime computes first what comes last in the graph, where both
 * could be; so it comes to this while the tensor is still needed, and the other factor may take the tensor's memory. A
 * step becomes part of a {@link BlockedGate}.
 *
 * @param x the tensor
 * @param node Sigmoid or HardSigmoid
 */
record BlockedActivation(String x, NodeProto node) implements BlockedGraph.Deferred {

    /** Whether it is a step function. */
    boolean isStep() {
        // as steep are GraphBuilder.reachesZero and shareOfLarger, which have a beta of 1 and one half
        return Math.abs(alpha()) == GraphBuilder.STEEP && (beta() == 0 || Math.abs(beta()) > 1);
    }

    /** Where a step function is 1, as a tensor of truth values. */
    String holds(BlockedGraph graph) {
        String stepped = graph.blocked(x);
        if (holdsButAtZero(graph)) {
            return graph.builder().cast(stepped, DataType.BOOL_VALUE);
        }
        return graph.builder()
                .add(
                        isBelow() ? "Less" : "Greater",
                        List.of(stepped, graph.builder().scalar(threshold())));
    }

    /** Whether a step function is 1 everywhere but where the tensor is zero: it is nowhere below. */
    boolean holdsButAtZero(BlockedGraph graph) {
        return !isBelow() && threshold() == 0 && isNowhereBelowZero(graph);
    }

    /** Whether a step function is 1 below its threshold, not above it. */
    boolean isBelow() {
        return alpha() < 0;
    }

    /** Where a step function steps. */
    float threshold() {
        return -beta() / alpha();
    }

    private boolean isNowhereBelowZero(BlockedGraph graph) {
        return graph.producer(x)
                .filter(activation -> switch (activation.getOpType()) {
                    case "Relu", "Sigmoid", "HardSigmoid" -> true;
                    case "Clip" ->
                        activation.getInputCount() > 1
                                && graph.constant(activation.getInput(1))
                                        .filter(bound -> Tensors.floats(bound)[0] >= 0)
                                        .isPresent();
                    default -> false;
                })
                .isPresent();
    }

    private float alpha() {
        return node.getOpType().equals("HardSigmoid") ? Attributes.real(node, "alpha", 0.2f) : 0;
    }

    private float beta() {
        return Attributes.real(node, "beta", 0.5f);
    }

    @Override
    public String emit(BlockedGraph graph) {
        AttributeProto[] attributes = node.getAttributeList().toArray(AttributeProto[]::new);
        return graph.builder().add(node.getOpType(), List.of(graph.blocked(x)), attributes);
    }
}
