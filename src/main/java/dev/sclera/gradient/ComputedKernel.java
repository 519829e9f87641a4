package dev.sclera.gradient;

import java.util.List;

/**
 * A convolution's kernel that is known at run time alone, as one that is trained.
 *
 * @param tensor its name
 * @param outputs output channels
 * @param inputsPerGroup input channels of each group
 * @param windows where it is applied, rows first
 * @param groups into how many groups the channels fall
 */
record ComputedKernel(String tensor, int outputs, int inputsPerGroup, Window[] windows, int groups)
        implements ConvKernel {

    /** Takes {@code [outputs, rows, columns, inputs]} to {@code [inputs, outputs, rows, columns]}. */
    static final long[] INPUTS_FIRST = {3, 0, 1, 2};

    /** Takes {@code [outputs, inputs, taps]} to {@code [outputs, taps, inputs]}. */
    static final long[] TAPS_FIRST = {0, 2, 1};

    @Override
    public String turned(Window.Taps down, Window.Taps across, GraphBuilder graph) {
        int width = windows[1].kernel();
        int taps = windows[0].kernel() * width;
        long[] backwards = new long[down.count() * across.count()];
        for (int i = 0; i < backwards.length; i++) {
            int row = down.tap(down.count() - 1 - i / across.count());
            backwards[i] = (long) row * width + across.tap(across.count() - 1 - i % across.count());
        }
        if (groups == 1) {
            // taps are moved and picked with all their inputs behind them: single values are slow to move
            String apart = graph.reshape(tensor, outputs, inputsPerGroup, taps);
            String picked = picked(taps == 1 ? apart : graph.transpose(apart, TAPS_FIRST), backwards, taps, 1, graph);
            return graph.transpose(
                    graph.reshape(picked, outputs, down.count(), across.count(), inputsPerGroup), INPUTS_FIRST);
        }
        String apart = graph.reshape(tensor, groups, outputsPerGroup(), inputsPerGroup, taps);
        String picked = picked(apart, backwards, taps, 3, graph);
        boolean single = outputsPerGroup() == 1 || inputsPerGroup == 1;
        return graph.reshape(
                single ? picked : graph.transpose(picked, 0, 2, 1, 3),
                inputs(),
                outputsPerGroup(),
                down.count(),
                across.count());
    }

    private static String picked(String taps, long[] which, int count, long axis, GraphBuilder graph) {
        return count == 1 ? taps : graph.add("Gather", List.of(taps, graph.longs(which)), Attributes.of("axis", axis));
    }
}
