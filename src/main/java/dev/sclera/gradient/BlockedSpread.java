package dev.sclera.gradient;

import java.util.List;

/**
 * A value per image and channel, repeated at every pixel.
 *
 * @param value {@code [n, c, 1, 1]}
 * @param to {@code [n, c, h, w]}
 */
record BlockedSpread(String value, long[] to) implements BlockedGraph.Deferred {

    @Override
    public String emit(BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        int block = graph.block();
        long blocks = to[0] * to[1] / block;
        String lines = builder.reshape(graph.plain(value), blocks, 1, block);
        return builder.reshape(builder.add("Expand", List.of(lines, builder.longs(blocks, to[2] * to[3], block))), to);
    }
}
