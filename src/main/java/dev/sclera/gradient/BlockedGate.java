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
 * <p>Between zero and a bound that nothing exceeds, as of ReLU6, there are two bytes in place of one: the first is
 * larger by 1 than the second there, and equals it at both ends. Quantizing gives each in one pass over the tensor, by
 * scales at which all above zero is saturated, and at which the bound alone is rounded up; what is above zero but no
 * normal number counts as zero.
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
        List<String> operands = new ArrayList<>();
        if (isBetweenZeroAndBound(graph)) {
            String saturated = builder.int8(Byte.MAX_VALUE - 1);
            String between = graph.blocked(steps.get(0).x());
            operands.add(quantized(between, Float.MIN_NORMAL, saturated, builder));
            operands.add(gated);
            operands.add(quantized(between, roundingUp(bound()), saturated, builder));
        } else {
            String open = steps.get(0).holds(graph);
            for (BlockedActivation step : steps.subList(1, steps.size())) {
                open = builder.add("And", List.of(open, step.holds(graph)));
            }
            operands.add(builder.cast(open, DataType.UINT8_VALUE));
            operands.add(gated);
        }
        return builder.add("DequantizeLinear", operands, Attributes.of("axis", 0L), Attributes.of("block_size", 1L));
    }

    private static String quantized(String tensor, float scale, String zero, GraphBuilder builder) {
        return builder.add("QuantizeLinear", List.of(tensor, builder.scalar(scale), zero));
    }

    private boolean isBetweenZeroAndBound(BlockedGraph graph) {
        return steps.size() == 2
                && steps.get(0).x().equals(steps.get(1).x())
                && steps.stream().anyMatch(step -> step.holdsButAtZero(graph))
                && steps.stream().anyMatch(BlockedActivation::isBelow)
                && bound() > 0
                && Math.rint(bound() / roundingUp(bound())) == 1
                && Math.rint(Math.nextDown(bound()) / roundingUp(bound())) == 0;
    }

    private float bound() {
        return steps.stream()
                .filter(BlockedActivation::isBelow)
                .map(BlockedActivation::threshold)
                .findFirst()
                .orElse(0f);
    }

    /** The scale at which a bound is a little more than one half, which is rounded to 1, and all below it to 0. */
    private static float roundingUp(float bound) {
        return Math.nextDown(2 * bound);
    }
}
