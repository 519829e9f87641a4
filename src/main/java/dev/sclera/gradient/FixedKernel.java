package dev.sclera.gradient;

/**
 * A convolution's kernel that is a constant.
 *
 * @param values {@code [outputs, inputsPerGroup, rows, columns]}
 * @param outputs output channels
 * @param inputsPerGroup input channels of each group
 * @param windows where it is applied, rows first
 * @param groups into how many groups the channels fall
 */
record FixedKernel(float[] values, int outputs, int inputsPerGroup, Window[] windows, int groups)
        implements ConvKernel {

    /** How many inputs are exchanged with outputs at a time: as many as the caches follow. */
    private static final int TILE = 16;

    @Override
    public String turned(Window.Taps down, Window.Taps across, GraphBuilder graph) {
        float[] turned = new float[inputs() * outputsPerGroup() * down.count() * across.count()];
        fill(turned, 0, down, across, down.lowest(), down.count(), across.lowest(), across.count());
        return graph.floats(turned, inputs(), outputsPerGroup(), down.count(), across.count());
    }

    /**
     * The taps of all phases, turned round, the phases' channels behind each other: {@code [phases·inputs,
     * outputs/groups, rows, columns]}. Index 0 of rows and columns is the output at the given distance from the first
     * of several positions, of which each has phases of its own.
     *
     * @param positions along each axis
     */
    float[] turnedPhases(int positions, int lowestRow, int rows, int lowestColumn, int columns) {
        int phase = inputs() * outputsPerGroup() * rows * columns;
        int down = windows[0].stride();
        int across = windows[1].stride();
        float[] turned = new float[positions * down * positions * across * phase];
        int at = 0;
        for (int row = 0; row < positions * down; row++) {
            for (int column = 0; column < positions * across; column++) {
                fill(
                        turned,
                        at,
                        windows[0].taps(row % down),
                        windows[1].taps(column % across),
                        lowestRow - row / down,
                        rows,
                        lowestColumn - column / across,
                        columns);
                at += phase;
            }
        }
        return turned;
    }

    private void fill(
            float[] turned,
            int start,
            Window.Taps down,
            Window.Taps across,
            int lowestRow,
            int rows,
            int lowestColumn,
            int columns) {
        int[] sources = new int[down.count() * across.count()];
        int[] targets = new int[sources.length];
        for (int i = 0; i < down.count(); i++) {
            int row = (down.reach() - i * down.dilation() - lowestRow) / down.dilation();
            for (int j = 0; j < across.count(); j++) {
                int column = (across.reach() - j * across.dilation() - lowestColumn) / across.dilation();
                sources[i * across.count() + j] = down.tap(i) * windows[1].kernel() + across.tap(j);
                targets[i * across.count() + j] = row * columns + column;
            }
        }
        int taps = windows[0].kernel() * windows[1].kernel();
        for (int group = 0; group < groups; group++) {
            for (int tile = 0; tile < inputsPerGroup; tile += TILE) {
                int end = Math.min(inputsPerGroup, tile + TILE);
                for (int output = 0; output < outputsPerGroup(); output++) {
                    for (int input = tile; input < end; input++) {
                        int source = ((group * outputsPerGroup() + output) * inputsPerGroup + input) * taps;
                        int target = start
                                + ((group * inputsPerGroup + input) * outputsPerGroup() + output) * rows * columns;
                        move(turned, target, targets, source, sources);
                    }
                }
            }
        }
    }

    private void move(float[] turned, int target, int[] targets, int source, int[] sources) {
        for (int tap = 0; tap < sources.length; tap++) {
            turned[target + targets[tap]] = values[source + sources[tap]];
        }
    }
}
