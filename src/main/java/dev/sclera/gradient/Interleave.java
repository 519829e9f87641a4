package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts an image together from its phases: of a stride s, phase (r, q) holds the pixels at {@code (s·i + r, s·j + q)}.
 *
 * @param rows the windows down the image; their input and stride count
 * @param columns the windows across it
 * @param batch images
 * @param channels of each
 */
record Interleave(Window rows, Window columns, long batch, long channels) {

    /** Takes {@code [n, rowPhase, columnPhase, c, h, w]} to {@code [n, rowPhase, c, h, w, columnPhase]}. */
    static final long[] COLUMNS_IN = {0, 1, 3, 4, 5, 2};

    /** Takes {@code [n, rowPhase, c, h, width]} to {@code [n, c, h, rowPhase, width]}. */
    static final long[] ROWS_IN = {0, 2, 3, 1, 4};

    /** Whether another one puts such an image together, of such phases. */
    boolean isLike(Interleave other) {
        return rows.hasPhasesOf(other.rows)
                && columns.hasPhasesOf(other.columns)
                && batch == other.batch
                && channels == other.channels;
    }

    /**
     * The image.
     *
     * @param phases {@code [n, c, ⌈rows/s⌉, ⌈columns/s⌉]} each, row phases first; empty for one of zeros
     */
    String of(List<Optional<String>> phases, GraphBuilder graph) {
        List<String> present = new ArrayList<>();
        for (Optional<String> phase : phases) {
            present.add(phase.orElseGet(() -> graph.add(
                    "ConstantOfShape",
                    List.of(graph.longs(batch, channels, rows.phaseLength(), columns.phaseLength())))));
        }
        return ofStacked(graph.add("Concat", present, Attributes.of("axis", 1L)), graph);
    }

    /** The image, of phases that are stacked along the channels, the channels of a phase together. */
    String ofStacked(String stacked, GraphBuilder graph) {
        long height = (long) rows.phaseLength() * rows.stride();
        long width = (long) columns.phaseLength() * columns.stride();
        String split = graph.reshape(
                stacked, batch, rows.stride(), columns.stride(), channels, rows.phaseLength(), columns.phaseLength());
        // the runtime is fast at moving one axis and slow at moving two; the reshape keeps it from making one of both
        String lines = graph.reshape(
                graph.transpose(split, COLUMNS_IN), batch, rows.stride(), channels, rows.phaseLength(), width);
        String whole = graph.reshape(graph.transpose(lines, ROWS_IN), batch, channels, height, width);
        if (height == rows.input() && width == columns.input()) {
            return whole;
        }
        return graph.slice(whole, new long[] {0, 0}, new long[] {rows.input(), columns.input()}, new long[] {2, 3});
    }
}
