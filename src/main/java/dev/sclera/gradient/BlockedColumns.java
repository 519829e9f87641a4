package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The column phases of an image's rows, where each is a convolution per channel of one and the same image: instead of
 * their results, which would have to be moved side by side, the image is moved apart, zeros between its columns, for
 * one convolution with the taps of both. It is the smaller of the two, and while the kernel is small, looking at the
 * zeros costs less than moving.
 *
 * @param left of the phases, which gives columns 0, 2, …
 * @param right which gives columns 1, 3, …
 */
record BlockedColumns(BlockedConv left, BlockedConv right) {

    private static final long WIDEST = 3;

    static Optional<BlockedColumns> of(List<Optional<String>> line, BlockedGraph graph) {
        List<BlockedConv> convs = new ArrayList<>();
        for (Optional<String> phase : line) {
            phase.flatMap(name -> graph.peek(name, BlockedConv.class))
                    .filter(BlockedConv::isPlainDepthwise)
                    .ifPresent(convs::add);
        }
        if (line.size() != 2 || convs.size() != 2) {
            return Optional.empty();
        }
        BlockedColumns columns = new BlockedColumns(convs.get(0), convs.get(1));
        return Optional.of(columns).filter(found -> found.fits(graph));
    }

    private boolean fits(BlockedGraph graph) {
        return left.input().equals(right.input())
                && left.rows() == right.rows()
                && left.pad(0) == right.pad(0)
                && left.pad(2) == right.pad(2)
                && width() <= WIDEST
                && padBehind(graph) >= 0
                && lowest() <= 0;
    }

    /** The column that the first tap sees, relative to the one that is computed. */
    private long lowest() {
        return Math.min(-2 * left.pad(1), -2 * right.pad(1) - 1);
    }

    private long width() {
        return Math.max(2 * (left.columns() - 1 - left.pad(1)), 2 * (right.columns() - 1 - right.pad(1)) - 1)
                - lowest()
                + 1;
    }

    private long padBehind(BlockedGraph graph) {
        long columns = graph.shape(left.input())[3];
        long outputs = columns + left.pad(1) + left.pad(3) - left.columns() + 1;
        return 2 * (outputs - columns) + lowest() + width() - 1;
    }

    /** The rows, both phases' columns in turns. */
    String emit(BlockedGraph graph) {
        int taps = (int) (left.rows() * width());
        int channels = (int) graph.shape(left.input())[1];
        float[] both = new float[channels * taps];
        fill(both, left, 0);
        fill(both, right, 1);
        long aligned = graph.blockedShape(left.input())[1];
        String weights = graph.builder()
                .floats(
                        graph.weights().outputs(both, new long[] {channels, 1, left.rows(), width()}),
                        aligned,
                        1,
                        left.rows(),
                        width());
        return graph.add(
                "Conv",
                List.of(apart(graph), weights),
                Attributes.of("kernel_shape", new long[] {left.rows(), width()}),
                Attributes.of("pads", new long[] {left.pad(0), -lowest(), left.pad(2), padBehind(graph)}),
                Attributes.of("group", aligned));
    }

    private void fill(float[] both, BlockedConv phase, int column) {
        int width = (int) width();
        int own = (int) phase.columns();
        float[] values = ((BlockedKernel.Constant) phase.kernel()).values();
        for (int i = 0; i < values.length; i++) {
            int seen = 2 * (i % own - (int) phase.pad(1)) - column;
            both[i / own * width + seen - (int) lowest()] = values[i];
        }
    }

    /** The image with a column of zeros behind each of its own. */
    private String apart(BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        String name = left.input() + "/apart";
        if (!graph.isBlocked(name)) {
            long[] shape = graph.blockedShape(left.input());
            int block = graph.block();
            String pixels = builder.reshape(graph.blocked(left.input()), Tensors.size(shape) / block, block);
            String padded = builder.add("Pad", List.of(pixels, builder.longs(0, 0, 0, block)));
            graph.setBlocked(name, builder.reshape(padded, shape[0], shape[1], shape[2], 2 * shape[3]));
        }
        return graph.blocked(name);
    }
}
