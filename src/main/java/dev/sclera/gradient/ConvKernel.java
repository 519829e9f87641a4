package dev.sclera.gradient;

/** A convolution's kernel, {@code [outputs, inputsPerGroup, rows, columns]}. */
sealed interface ConvKernel permits FixedKernel, ComputedKernel {

    /** Output channels. */
    int outputs();

    /** Input channels of each group. */
    int inputsPerGroup();

    /** Where it is applied, rows first. */
    Window[] windows();

    /** Into how many groups the channels fall. */
    int groups();

    default int inputs() {
        return inputsPerGroup() * groups();
    }

    default int outputsPerGroup() {
        return outputs() / groups();
    }

    /** Into how many phases the input's positions fall. */
    default int phases() {
        return windows()[0].stride() * windows()[1].stride();
    }

    /** Some taps, turned round, the channels exchanged: {@code [inputs, outputs/groups, rows, columns]}. */
    String turned(Window.Taps down, Window.Taps across, GraphBuilder graph);
}
