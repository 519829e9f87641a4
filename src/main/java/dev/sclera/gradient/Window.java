package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;

/**
 * Where the window of a convolution or a pooling lies along one spatial axis: output o sees the inputs {@code o·stride
 * − padBefore + i·dilation} for i below the kernel's length.
 *
 * @param input length of the input
 * @param output length of the output
 * @param kernel length of the kernel
 * @param stride between windows
 * @param dilation between the taps of a window
 * @param padBefore how far the first window reaches before the input
 * @param padAfter how much padding is declared behind the input
 */
record Window(int input, int output, int kernel, int stride, int dilation, int padBefore, int padAfter) {

    /**
     * The windows of a node over two spatial axes.
     *
     * @param x the shape of the input, {@code [n,c,h,w]}
     * @param y the shape of the output
     * @param kernel the kernel's two lengths
     */
    static Window[] of(NodeProto node, long[] x, long[] y, long[] kernel) {
        if (x.length != 4) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (%s) works on %d spatial axes, and its gradient is known for two."
                            .formatted(node.getName(), node.getOpType(), x.length - 2));
        }
        long[] strides = Attributes.perAxis(node, "strides", 2, 1);
        long[] dilations = Attributes.perAxis(node, "dilations", 2, 1);
        long[] pads = Attributes.perAxis(node, "pads", 4, 0);
        String auto = Attributes.text(node, "auto_pad", "NOTSET");
        Window[] windows = new Window[2];
        for (int axis = 0; axis < 2; axis++) {
            int input = (int) x[axis + 2];
            int output = (int) y[axis + 2];
            int reach = (int) ((output - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1);
            int total = Math.max(0, reach - input);
            int before = switch (auto) {
                case "SAME_UPPER" -> total / 2;
                case "SAME_LOWER" -> total - total / 2;
                case "VALID" -> 0;
                default -> (int) pads[axis];
            };
            int after = auto.startsWith("SAME") ? total - before : auto.equals("VALID") ? 0 : (int) pads[axis + 2];
            windows[axis] = new Window(
                    input, output, (int) kernel[axis], (int) strides[axis], (int) dilations[axis], before, after);
        }
        return windows;
    }

    /** How far all windows reach, in inputs from the start of the first one. */
    int reach() {
        return (output - 1) * stride + dilation * (kernel - 1) + 1;
    }

    /**
     * By how much the windows reach beyond the input at its end; negative where they leave a rest of it unseen. These
     * are the pad, or else the output padding, of the transposed convolution that undoes the window.
     */
    int overhang() {
        return reach() - padBefore - input;
    }

    /** Whether phases and dilation meet, so that a phase's taps do not lie at consecutive outputs. */
    boolean stridesDilated() {
        return stride > 1 && dilation > 1;
    }

    /** How many of the input's positions each of the stride's phases holds, the last one's missing one included. */
    int phaseLength() {
        return (input + stride - 1) / stride;
    }

    /** The same, of which phases are those of so many strides together. */
    Window inStridesOf(int strides) {
        return new Window(input, output, kernel, strides * stride, dilation, padBefore, padAfter);
    }

    /** Whether the phases of the input are those of another window, whatever else the two see. */
    boolean hasPhasesOf(Window other) {
        return input == other.input && stride == other.stride;
    }

    /** The taps that see the positions of one phase of the input: {@code phase, phase + stride, …}. */
    Taps taps(int phase) {
        int first = (phase + padBefore) % stride;
        int count = first < kernel ? (kernel - first + stride - 1) / stride : 0;
        return new Taps(first, count, stride, (phase + padBefore - first) / stride, dilation);
    }

    /** The phase of the positions that a tap sees. */
    int phaseOf(int tap) {
        return Math.floorMod(tap - padBefore, stride);
    }

    /** Whether the windows cover the input exactly, without gap or overlap. */
    boolean tiles() {
        return dilation == 1 && padBefore == 0 && kernel == stride && kernel * output == input;
    }

    /**
     * Some of a window's taps: {@code first + j·step} for j below the count. Seen from the position i of their phase,
     * tap j belongs to the output {@code i + reach − j·dilation}.
     *
     * @param first the first tap
     * @param count how many there are
     * @param step from tap to tap
     * @param reach from a position to the output that sees it through the first tap
     * @param dilation of the window; 1 where it strides
     */
    record Taps(int first, int count, int step, int reach, int dilation) {

        int tap(int index) {
            return first + index * step;
        }

        /** From a position to the output that sees it through the last tap. */
        int lowest() {
            return reach - (count - 1) * dilation;
        }
    }
}
