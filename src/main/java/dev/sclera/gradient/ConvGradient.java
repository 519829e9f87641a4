package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The slope of a convolution's input is again a convolution: of the output's slope, with the kernel turned round and
 * its channels exchanged. Where the forward convolution strides, the input's positions fall into {@code stride²}
 * phases, each seen by its own taps alone; each phase is a small stride-1 convolution, and the phases are interleaved.
 * That is several times faster than a transposed convolution or one over an image stretched with zeros.
 */
final class ConvGradient implements OperatorGradient {

    /** Up to so many channels, all phases are channels of one convolution: kernels compute that many at once anyway. */
    private static final int STACKED = 16;

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        if (pass.wants(node.getInput(1))) {
            ConvWeightGradient.weight(node, slope, pass);
        }
        if (node.getInputCount() > 2 && pass.wants(node.getInput(2))) {
            ConvWeightGradient.bias(node, slope, pass);
        }
        if (pass.wants(node.getInput(0))) {
            Optional<TensorProto> weight = pass.constant(node.getInput(1));
            pass.add(
                    node.getInput(0),
                    weight.isPresent()
                            ? input(node, slope, weight.get(), pass)
                            : RuntimeKernelGradient.input(node, slope, pass));
        }
    }

    private static String input(NodeProto node, String slope, TensorProto weight, BackwardPass pass) {
        long[] shape = Tensors.shape(weight);
        long[] kernelLengths = shape.length == 4 ? new long[] {shape[2], shape[3]} : new long[2];
        long[] x = pass.shape(node.getInput(0));
        Window[] windows = Window.of(node, x, pass.shape(node.getOutput(0)), kernelLengths);
        int groups = (int) Attributes.integer(node, "group", 1);
        ConvKernel kernel = new FixedKernel(Tensors.floats(weight), (int) shape[0], (int) shape[1], windows, groups);
        return windows[0].stridesDilated() || windows[1].stridesDilated()
                ? pass.graph().add("ConvTranspose", List.of(slope, node.getInput(1)), undo(windows, groups))
                : input(slope, kernel, x[0], pass.graph());
    }

    /** The slope of the input, for windows whose phases see consecutive outputs. */
    static String input(String slope, ConvKernel kernel, long batch, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        int phases = rows.stride() * columns.stride();
        if (phases == 1) {
            return phase(slope, kernel, 0, 0, graph);
        }
        Interleave interleave = new Interleave(rows, columns, batch, kernel.inputs());
        if (kernel instanceof FixedKernel fixed && kernel.groups() == 1 && kernel.inputs() * phases <= STACKED) {
            return interleave.ofStacked(stacked(slope, fixed, graph), graph);
        }
        List<Optional<String>> parts = new ArrayList<>();
        for (int row = 0; row < rows.stride(); row++) {
            for (int column = 0; column < columns.stride(); column++) {
                boolean seen =
                        rows.taps(row).count() > 0 && columns.taps(column).count() > 0;
                parts.add(seen ? Optional.of(phase(slope, kernel, row, column, graph)) : Optional.empty());
            }
        }
        return interleave.of(parts, graph);
    }

    /** A stride-1 convolution of the slope with the taps of one phase. */
    static String phase(String slope, ConvKernel kernel, int row, int column, GraphBuilder graph) {
        Window.Taps down = kernel.windows()[0].taps(row);
        Window.Taps across = kernel.windows()[1].taps(column);
        return convolved(slope, kernel.turned(down, across, graph), kernel, new Span(down), new Span(across), graph);
    }

    /** All phases at once, stacked along the channels; where a phase has no tap, the kernel is zero. */
    private static String stacked(String slope, FixedKernel kernel, GraphBuilder graph) {
        Span down = Span.ofAll(kernel.windows()[0]);
        Span across = Span.ofAll(kernel.windows()[1]);
        int phases = kernel.windows()[0].stride() * kernel.windows()[1].stride();
        String turned = graph.floats(
                kernel.turnedPhases(down.lowest(), down.count(), across.lowest(), across.count()),
                (long) phases * kernel.inputs(),
                kernel.outputsPerGroup(),
                down.count(),
                across.count());
        return convolved(slope, turned, kernel, down, across, graph);
    }

    private static String convolved(
            String slope, String turned, ConvKernel kernel, Span down, Span across, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        int top = -down.lowest();
        int left = -across.lowest();
        int bottom = rows.phaseLength() + down.highest() - rows.output();
        int right = columns.phaseLength() + across.highest() - columns.output();
        String cropped = graph.pad(
                slope, 0, 0, Math.min(0, top), Math.min(0, left), 0, 0, Math.min(0, bottom), Math.min(0, right));
        return graph.add(
                "Conv",
                List.of(cropped, turned),
                Attributes.of("kernel_shape", new long[] {down.count(), across.count()}),
                Attributes.of(
                        "pads",
                        new long[] {Math.max(0, top), Math.max(0, left), Math.max(0, bottom), Math.max(0, right)}),
                Attributes.of("dilations", new long[] {rows.dilation(), columns.dilation()}),
                Attributes.of("group", (long) kernel.groups()));
    }

    /**
     * Which outputs a position of a phase is seen by, relative to it.
     *
     * @param lowest the first of them
     * @param highest the last of them
     * @param count how many there are
     */
    private record Span(int lowest, int highest, int count) {

        Span(Window.Taps taps) {
            this(taps.lowest(), taps.reach(), taps.count());
        }

        static Span ofAll(Window window) {
            int lowest = Integer.MAX_VALUE;
            int highest = Integer.MIN_VALUE;
            for (int phase = 0; phase < window.stride(); phase++) {
                Window.Taps taps = window.taps(phase);
                if (taps.count() > 0) {
                    lowest = Math.min(lowest, taps.lowest());
                    highest = Math.max(highest, taps.reach());
                }
            }
            // where a window strides it is not dilated, and where it does not there is one phase
            return new Span(lowest, highest, (highest - lowest) / window.dilation() + 1);
        }
    }

    /** The attributes of the transposed convolution that leads back from the windows' outputs to their input. */
    static AttributeProto[] undo(Window[] windows, int groups) {
        Window rows = windows[0];
        Window columns = windows[1];
        return new AttributeProto[] {
            Attributes.of("kernel_shape", new long[] {rows.kernel(), columns.kernel()}),
            Attributes.of("strides", new long[] {rows.stride(), columns.stride()}),
            Attributes.of("dilations", new long[] {rows.dilation(), columns.dilation()}),
            Attributes.of("pads", new long[] {
                rows.padBefore(), columns.padBefore(), Math.max(0, rows.overhang()), Math.max(0, columns.overhang())
            }),
            Attributes.of(
                    "output_padding", new long[] {Math.max(0, -rows.overhang()), Math.max(0, -columns.overhang())}),
            Attributes.of("group", (long) groups)
        };
    }
}
