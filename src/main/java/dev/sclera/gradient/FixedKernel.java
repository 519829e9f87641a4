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

    @Override
    public String turned(Window.Taps down, Window.Taps across, GraphBuilder graph) {
        float[] turned = new float[inputs() * outputsPerGroup() * down.count() * across.count()];
        fill(turned, 0, down, across, down.lowest(), down.count(), across.lowest(), across.count());
        return graph.floats(turned, inputs(), outputsPerGroup(), down.count(), across.count());
    }

    /**
     * The taps of all phases, turned round, the phases' channels behind each other: {@code [phases·inputs,
     * outputs/groups, rows, columns]}. Index 0 of rows and columns is the output at the given distance.
     */
    float[] turnedPhases(int lowestRow, int rows, int lowestColumn, int columns) {
        int phase = inputs() * outputsPerGroup() * rows * columns;
        float[] turned = new float[windows[0].stride() * windows[1].stride() * phase];
        int at = 0;
        for (int row = 0; row < windows[0].stride(); row++) {
            for (int column = 0; column < windows[1].stride(); column++) {
                fill(turned, at, windows[0].taps(row), windows[1].taps(column), lowestRow, rows, lowestColumn, columns);
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
        int width = windows[1].kernel();
        for (int input = 0; input < inputs(); input++) {
            int group = input / inputsPerGroup;
            for (int output = 0; output < outputsPerGroup(); output++) {
                int source = ((group * outputsPerGroup() + output) * inputsPerGroup + input % inputsPerGroup)
                        * windows[0].kernel()
                        * width;
                int target = start + (input * outputsPerGroup() + output) * rows * columns;
                for (int i = 0; i < down.count(); i++) {
                    int row = (down.reach() - i * down.dilation() - lowestRow) / down.dilation();
                    for (int j = 0; j < across.count(); j++) {
                        int column = (across.reach() - j * across.dilation() - lowestColumn) / across.dilation();
                        turned[target + row * columns + column] = values[source + down.tap(i) * width + across.tap(j)];
                    }
                }
            }
        }
    }
}
