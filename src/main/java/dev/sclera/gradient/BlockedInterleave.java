package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image put together from its phases, {@link Interleave}'s blocked form: blocks of channels are the unit that is
 * moved, first side by side, then rows between rows; unless a convolution {@linkplain BlockedPhases takes the phases}.
 *
 * @param phases row phases first; empty for one of zeros
 * @param rows row phases
 * @param columns column phases
 * @param shape of one phase, {@code [n, c, h, w]}, c filled up to whole blocks
 */
record BlockedInterleave(List<Optional<String>> phases, int rows, int columns, long[] shape)
        implements BlockedGraph.Deferred {

    @Override
    public String emit(BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        long lines = shape[0] * shape[1] / graph.block() * shape[2];
        List<String> across = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Optional<String>> line = phases.subList(row * columns, (row + 1) * columns);
            across.add(line(line, lines, graph));
        }
        String all = across.size() == 1 ? across.get(0) : builder.add("Concat", across, Attributes.of("axis", 1L));
        return builder.reshape(all, shape[0], shape[1], shape[2] * rows, shape[3] * columns);
    }

    /** The rows of one row phase: {@code [lines, w·columns·b]}. */
    private String line(List<Optional<String>> line, long lines, BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        int block = graph.block();
        if (line.stream().allMatch(Optional::isEmpty)) {
            return builder.zeros(lines, shape[3] * columns * block);
        }
        Optional<BlockedColumns> together = BlockedColumns.of(line, graph);
        if (together.isPresent()) {
            return builder.reshape(together.get().emit(graph), lines, shape[3] * columns * block);
        }
        long pixels = lines * shape[3];
        List<String> parts = new ArrayList<>();
        for (Optional<String> phase : line) {
            parts.add(phase.map(name -> builder.reshape(graph.blocked(name), pixels, block))
                    .orElseGet(() -> builder.zeros(pixels, block)));
        }
        String side = parts.size() == 1 ? parts.get(0) : builder.add("Concat", parts, Attributes.of("axis", 1L));
        return builder.reshape(side, lines, shape[3] * columns * block);
    }
}
