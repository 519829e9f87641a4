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
        Window[] windows = Window.of(node, pass.shape(node.getInput(0)), pass.shape(node.getOutput(0)), kernelLengths);
        int groups = (int) Attributes.integer(node, "group", 1);
        Kernel kernel = new Kernel(Tensors.floats(weight), (int) shape[0], (int) shape[1], windows, groups);
        return input(slope, node.getInput(1), kernel, pass.shape(node.getInput(0)), pass.graph());
    }

    private static String input(String slope, String weight, Kernel kernel, long[] x, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        boolean strided = rows.stride() > 1 || columns.stride() > 1;
        if (!strided) {
            // phase 0 of 1: all taps
            return phase(slope, kernel, 0, 0, span(rows), span(columns), graph);
        }
        if (rows.dilation() > 1 || columns.dilation() > 1) {
            return transposed(slope, weight, kernel, graph);
        }
        return interleaved(slope, kernel, x, graph);
    }

    /** The positions of one phase that are computed: from the first to the last, in steps of the stride. */
    private record Span(int first, int last) {

        int length() {
            return last - first + 1;
        }
    }

    /** In an image padded before, the input takes these multiples of the stride, the outermost in part. */
    private static Span span(Window window) {
        return new Span(
                window.padBefore() / window.stride(), (window.padBefore() + window.input() - 1) / window.stride());
    }

    private static String interleaved(String slope, Kernel kernel, long[] x, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        Span down = span(rows);
        Span across = span(columns);
        long n = x[0];
        long c = x[1];
        List<int[]> seen = new ArrayList<>();
        for (int row = 0; row < rows.stride(); row++) {
            for (int column = 0; column < columns.stride(); column++) {
                if (row < rows.kernel() && column < columns.kernel()) {
                    seen.add(new int[] {row, column});
                }
            }
        }
        String pixels;
        if (seen.size() == 1) {
            // a 1×1 kernel: all other positions were never looked at
            String phase = phase(slope, kernel, 0, 0, down, across, graph);
            String spread = graph.reshape(phase, n, c, down.length(), 1, across.length(), 1);
            pixels = graph.pad(spread, 0, 0, 0, 0, 0, 0, 0, 0, 0, rows.stride() - 1L, 0, columns.stride() - 1L);
        } else {
            List<String> phases = new ArrayList<>();
            for (int row = 0; row < rows.stride(); row++) {
                for (int column = 0; column < columns.stride(); column++) {
                    boolean taps = row < rows.kernel() && column < columns.kernel();
                    phases.add(
                            taps
                                    ? phase(slope, kernel, row, column, down, across, graph)
                                    : graph.add(
                                            "ConstantOfShape",
                                            List.of(graph.longs(n, c, down.length(), across.length()))));
                }
            }
            String stacked = graph.add("Concat", phases, Attributes.of("axis", 1L));
            String split =
                    graph.reshape(stacked, n, rows.stride(), columns.stride(), c, down.length(), across.length());
            pixels = graph.transpose(split, 0, 3, 4, 1, 5, 2);
        }
        long height = (long) down.length() * rows.stride();
        long width = (long) across.length() * columns.stride();
        String padded = graph.reshape(pixels, n, c, height, width);
        long top = rows.padBefore() - (long) down.first() * rows.stride();
        long left = columns.padBefore() - (long) across.first() * columns.stride();
        if (top == 0 && left == 0 && height == rows.input() && width == columns.input()) {
            return padded;
        }
        return graph.slice(
                padded, new long[] {top, left}, new long[] {top + rows.input(), left + columns.input()}, new long[] {
                    2, 3
                });
    }

    /** A stride-1 convolution of the slope with the taps of one phase, over the spans' positions. */
    private static String phase(
            String slope, Kernel kernel, int row, int column, Span down, Span across, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        int rowTaps = taps(rows, row);
        int columnTaps = taps(columns, column);
        int top = (rowTaps - 1) * rows.dilation() - down.first();
        int bottom = down.last() + 1 - rows.output();
        int left = (columnTaps - 1) * columns.dilation() - across.first();
        int right = across.last() + 1 - columns.output();
        String cropped = graph.pad(
                slope, 0, 0, Math.min(0, top), Math.min(0, left), 0, 0, Math.min(0, bottom), Math.min(0, right));
        long[] pads = {Math.max(0, top), Math.max(0, left), Math.max(0, bottom), Math.max(0, right)};
        String turned = graph.floats(
                kernel.turned(row, column, rowTaps, columnTaps),
                (long) kernel.inputsPerGroup() * kernel.groups(),
                kernel.outputs() / kernel.groups(),
                rowTaps,
                columnTaps);
        return graph.add(
                "Conv",
                List.of(cropped, turned),
                Attributes.of("kernel_shape", new long[] {rowTaps, columnTaps}),
                Attributes.of("pads", pads),
                Attributes.of("dilations", new long[] {rows.dilation(), columns.dilation()}),
                Attributes.of("group", (long) kernel.groups()));
    }

    /** How many taps of the kernel a phase sees: those at {@code phase, phase + stride, …}. */
    private static int taps(Window window, int phase) {
        return (window.kernel() - phase + window.stride() - 1) / window.stride();
    }

    private static String transposed(String slope, String weight, Kernel kernel, GraphBuilder graph) {
        return graph.add("ConvTranspose", List.of(slope, weight), undo(kernel.windows(), kernel.groups()));
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

    /**
     * A convolution's kernel.
     *
     * @param values {@code [outputs, inputsPerGroup, rows, columns]}
     * @param outputs output channels
     * @param inputsPerGroup input channels of each group
     * @param windows where it is applied, rows first
     * @param groups into how many groups the channels fall
     */
    private record Kernel(float[] values, int outputs, int inputsPerGroup, Window[] windows, int groups) {

        /**
         * The taps of one phase, turned round, the channels exchanged: {@code [inputs, outputs/groups, rows, columns]}.
         */
        float[] turned(int row, int column, int rowTaps, int columnTaps) {
            int height = windows[0].kernel();
            int width = windows[1].kernel();
            int outputsPerGroup = outputs / groups;
            float[] turned = new float[inputsPerGroup * groups * outputsPerGroup * rowTaps * columnTaps];
            int at = 0;
            for (int group = 0; group < groups; group++) {
                for (int input = 0; input < inputsPerGroup; input++) {
                    for (int output = 0; output < outputsPerGroup; output++) {
                        int plane = ((group * outputsPerGroup + output) * inputsPerGroup + input) * height * width;
                        for (int i = rowTaps - 1; i >= 0; i--) {
                            for (int j = columnTaps - 1; j >= 0; j--) {
                                int tap = (row + i * windows[0].stride()) * width + column + j * windows[1].stride();
                                turned[at++] = values[plane + tap];
                            }
                        }
                    }
                }
            }
            return turned;
        }
    }
}
