package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor where steps of others are 1, and zero where one of them is 0: the slope through ReLU or ReLU6.
 *
 * <p>Where the runtime has the operator, the steps are kept as bytes: a quarter of the memory that has to be read where
 * the slope comes by, and with that what was stepped on need not be kept until then. Dequantizing a byte of 0 or 1 with
 * the slope as its scale is their product, exactly.
 *
 * @param tensor the tensor
 * @param steps of tensors of its shape
 */
record BlockedGate(String tensor, List<BlockedActivation> steps) implements BlockedGraph.Deferred {

    BlockedGate {
        steps = List.copyOf(steps);
    }

    /** This, and zero too where further steps are 0. */
    BlockedGate and(List<BlockedActivation> further) {
        List<BlockedActivation> all = new ArrayList<>(steps);
        all.addAll(further);
        return new BlockedGate(tensor, all);
    }

    @Override
    public String emit(BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        // The runtime computes first what comes last in the graph, where both could be. So the bytes come after the
        // tensor, and are made while what they tell of is at hand.
        String gated = graph.blocked(tensor);
        if (builder.opset() < RuntimeOpset.OPSET) {
            for (BlockedActivation step : steps) {
                gated = builder.multiply(gated, step.emit(graph));
            }
            return gated;
        }
        String open = steps.get(0).holds(graph);
        for (BlockedActivation step : steps.subList(1, steps.size())) {
            open = builder.add("And", List.of(open, step.holds(graph)));
        }
        return builder.add(
                "DequantizeLinear",
                List.of(builder.cast(open, DataType.UINT8_VALUE), gated),
                Attributes.of("axis", 0L),
                Attributes.of("block_size", 1L));
    }
}
