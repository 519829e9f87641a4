package dev.sclera.gradient;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor where another, y, which was clipped to 0 and a bound, is at neither of them, and else zero: the slope
 * through ReLU6. {@code y − bound·[y > 0]} is zero at both and below zero between, exactly; a convolution per channel
 * computes it and the step that follows in one pass, where two steps would take a further product.
 *
 * @param slope the tensor
 * @param clipped y
 * @param bound above zero
 */
record BlockedBetween(String slope, String clipped, float bound) implements BlockedGraph.Deferred {

    @Override
    public String emit(BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        String y = graph.blocked(clipped);
        long channels = graph.blockedShape(clipped)[1];
        float[] bounds = new float[(int) channels];
        Arrays.fill(bounds, -bound);
        String between = graph.add(
                "Conv",
                List.of(builder.above(y, 0), builder.floats(bounds, channels, 1, 1, 1), "", y),
                Attributes.of("kernel_shape", new long[] {1, 1}),
                Attributes.of("group", channels),
                Attributes.of("activation", "HardSigmoid"),
                Attributes.of("activation_params", new float[] {-0x1p100f, 0}));
        return builder.multiply(graph.blocked(slope), between);
    }
}
