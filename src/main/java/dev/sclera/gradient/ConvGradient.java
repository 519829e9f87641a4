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

    /** Channels that kernels compute at once. */
    private static final int BLOCK = 16;

    /** What a block of channels costs where kernels compute several at once, relative to one alone. */
    private static final double AMONG_OTHERS = 0.7;

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
            if (weight.isPresent()) {
                input(node, slope, weight.get(), pass);
            } else {
                RuntimeKernelGradient.input(node, slope, pass);
            }
        }
    }

    private static void input(NodeProto node, String slope, TensorProto weight, BackwardPass pass) {
        long[] shape = Tensors.shape(weight);
        long[] kernelLengths = shape.length == 4 ? new long[] {shape[2], shape[3]} : new long[2];
        long[] x = pass.shape(node.getInput(0));
        Window[] windows = Window.of(node, x, pass.shape(node.getOutput(0)), kernelLengths);
        int groups = (int) Attributes.integer(node, "group", 1);
        FixedKernel kernel = new FixedKernel(Tensors.floats(weight), (int) shape[0], (int) shape[1], windows, groups);
        if (windows[0].stridesDilated() || windows[1].stridesDilated()) {
            pass.add(
                    node.getInput(0),
                    pass.graph().add("ConvTranspose", List.of(slope, node.getInput(1)), undo(windows, groups)));
        } else {
            contribute(node.getInput(0), slope, kernel, x[0], pass);
        }
    }

    /** Adds to the slope of the input, for windows whose phases see consecutive outputs. */
    static void contribute(String input, String slope, ConvKernel kernel, long batch, BackwardPass pass) {
        if (isWhole(kernel)) {
            pass.add(input, input(slope, kernel, batch, pass.graph()));
        } else {
            pass.add(input, phases(slope, kernel, batch, pass.graph()));
        }
    }

    /** The slope of the input, as {@link #contribute}. */
    static String input(String slope, ConvKernel kernel, long batch, GraphBuilder graph) {
        if (kernel.phases() == 1) {
            return phase(slope, kernel, 0, 0, graph);
        }
        return kernel instanceof FixedKernel fixed && isWhole(kernel)
                ? stacked(slope, fixed, batch, graph)
                : phases(slope, kernel, batch, graph).whole(graph);
    }

    /** Whether one convolution gives the whole slope. */
    private static boolean isWhole(ConvKernel kernel) {
        boolean stacks =
                kernel instanceof FixedKernel && kernel.groups() == 1 && kernel.inputs() * kernel.phases() <= BLOCK;
        return kernel.phases() == 1 || stacks;
    }

    private static PhasedSlope phases(String slope, ConvKernel kernel, long batch, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        List<Optional<String>> phases = new ArrayList<>();
        for (int row = 0; row < rows.stride(); row++) {
            for (int column = 0; column < columns.stride(); column++) {
                boolean seen =
                        rows.taps(row).count() > 0 && columns.taps(column).count() > 0;
                phases.add(seen ? Optional.of(phase(slope, kernel, row, column, graph)) : Optional.empty());
            }
        }
        return new PhasedSlope(new Interleave(rows, columns, batch, kernel.inputs()), phases);
    }

    /** A stride-1 convolution of the slope with the taps of one phase. */
    static String phase(String slope, ConvKernel kernel, int row, int column, GraphBuilder graph) {
        Window.Taps down = kernel.windows()[0].taps(row);
        Window.Taps across = kernel.windows()[1].taps(column);
        String turned = kernel.turned(down, across, graph);
        return convolved(slope, turned, kernel, new Span(down), new Span(across), 1, graph);
    }

    /** All phases at once, stacked along the channels; where a phase has no tap, the kernel is zero. */
    private static String stacked(String slope, FixedKernel kernel, long batch, GraphBuilder graph) {
        Span down = Span.ofAll(kernel.windows()[0]);
        Span across = Span.ofAll(kernel.windows()[1]);
        int positions = pairsAreFaster(kernel, down, across) ? 2 : 1;
        Window rows = kernel.windows()[0].inStridesOf(positions);
        Window columns = kernel.windows()[1].inStridesOf(positions);
        int tapsDown = down.count(positions);
        int tapsAcross = across.count(positions);
        String turned = graph.floats(
                kernel.turnedPhases(positions, down.lowest(), tapsDown, across.lowest(), tapsAcross),
                (long) rows.stride() * columns.stride() * kernel.inputs(),
                kernel.outputsPerGroup(),
                tapsDown,
                tapsAcross);
        String phases = convolved(slope, turned, kernel, down, across, positions, graph);
        return new Interleave(rows, columns, batch, kernel.inputs()).ofStacked(phases, graph);
    }

    /**
     * Whether two positions of each phase along each axis, of which each has to look at taps of the other that are
     * zero, are computed faster together than one after another.
     */
    private static boolean pairsAreFaster(FixedKernel kernel, Span down, Span across) {
        int channels = kernel.inputs() * kernel.phases();
        double alone = blocks(channels) * down.count(1) * across.count(1);
        double paired = AMONG_OTHERS * blocks(4 * channels) * down.count(2) * across.count(2) / 4;
        boolean dilated = kernel.windows()[0].dilation() > 1 || kernel.windows()[1].dilation() > 1;
        return !dilated && paired < alone;
    }

    private static double blocks(int channels) {
        return Math.ceil((double) channels / BLOCK);
    }

    /**
     * A convolution of the slope with turned taps.
     *
     * @param positions how many consecutive ones of each phase are channels of one result, along each axis
     */
    private static String convolved(
            String slope, String turned, ConvKernel kernel, Span down, Span across, int positions, GraphBuilder graph) {
        Window rows = kernel.windows()[0];
        Window columns = kernel.windows()[1];
        int top = -down.lowest();
        int left = -across.lowest();
        int bottom = down.end(rows, positions) - rows.output();
        int right = across.end(columns, positions) - columns.output();
        String cropped = graph.pad(
                slope, 0, 0, Math.min(0, top), Math.min(0, left), 0, 0, Math.min(0, bottom), Math.min(0, right));
        return graph.add(
                "Conv",
                List.of(cropped, turned),
                Attributes.of("kernel_shape", new long[] {down.count(positions), across.count(positions)}),
                Attributes.of("strides", new long[] {positions, positions}),
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

        /** How many outputs that many consecutive positions of a phase are seen by. */
        int count(int positions) {
            return count + positions - 1;
        }

        /** Behind the last output by which the last of a phase's positions is seen, taken so many at a time. */
        int end(Window window, int positions) {
            int length = window.inStridesOf(positions).phaseLength();
            return positions * length + highest;
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
