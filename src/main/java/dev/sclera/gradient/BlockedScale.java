package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image times a factor per image and channel, plus an addend of that kind: a convolution per channel with the
 * factors as its weights, the images of the batch counted as channels. The runtime's own multiplication would repeat a
 * block of channels pixel by pixel, which is slow.
 *
 * @param image the image, {@code [n, c, h, w]}
 * @param factor {@code [n, c, 1, 1]} or {@code [1, c, 1, 1]}
 * @param addend {@code [n, c, 1, 1]}, if any
 */
record BlockedScale(String image, String factor, @Nullable String addend) implements BlockedGraph.Deferred {

    BlockedScale plus(String other) {
        return new BlockedScale(image, factor, other);
    }

    @Override
    public String emit(BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        long[] shape = graph.blockedShape(image);
        long channels = shape[0] * shape[1];
        String images = graph.blocked(image);
        if (shape[0] > 1) {
            images = builder.reshape(images, 1, channels, shape[2], shape[3]);
        }
        List<String> operands =
                new ArrayList<>(List.of(images, builder.reshape(graph.plain(factor), channels, 1, 1, 1)));
        if (addend != null) {
            operands.add(builder.reshape(graph.plain(addend), channels));
        }
        String scaled = graph.add(
                "Conv", operands, Attributes.of("kernel_shape", new long[] {1, 1}), Attributes.of("group", channels));
        return shape[0] > 1 ? builder.reshape(scaled, shape) : scaled;
    }
}
