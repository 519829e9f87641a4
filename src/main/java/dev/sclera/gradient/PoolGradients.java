package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Pooling over windows. */
final class PoolGradients {

    private PoolGradients() {}

    /**
     * The slope goes to the one input that the forward pass picked: of equals the first in reading order, as in
     * PyTorch. Tap after tap takes it where it sees the maximum, and leaves the rest to those after it. Looking through
     * one tap is a convolution per channel with a kernel that is 1 there, and so is putting the slope back: all of it
     * stays in floats, in whatever layout the convolutions around have.
     */
    static void maximum(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long[] y = pass.shape(node.getOutput(0));
        Window[] windows = Window.of(node, x, y, Attributes.perAxis(node, "kernel_shape", 2, 1));
        int channels = (int) x[1];
        int taps = windows[0].kernel() * windows[1].kernel();
        Looked looked = looked(node.getInput(0), windows, pass);
        // beyond the input, the standard's inference of shapes sees a last window that the runtime does not compute
        boolean gaps = windows[0].stride() > windows[0].kernel() || windows[1].stride() > windows[1].kernel();
        boolean misjudged = gaps && Attributes.integer(node, "ceil_mode", 0) != 0;
        String maxima = misjudged ? graph.reshape(node.getOutput(0), y) : node.getOutput(0);
        String negative = graph.add("Neg", List.of(maxima));
        Placed placed = new Placed(windows, x[0], channels, new ArrayList<>());
        String rest = slope;
        for (int tap = 0; tap < taps; tap++) {
            FixedKernel unit = unit(tap, channels, windows);
            if (tap == taps - 1) {
                placed.add(rest, unit, tap, graph);
            } else {
                String sees = graph.reachesZero(graph.add("Add", List.of(looked.through(unit, graph), negative)));
                String taken = graph.multiply(rest, sees);
                rest = graph.add("Sub", List.of(rest, taken));
                placed.add(taken, unit, tap, graph);
            }
        }
        pass.add(node.getInput(0), placed.image(graph));
    }

    /** A kernel per channel that is 1 at one tap. */
    private static FixedKernel unit(int tap, int channels, Window[] windows) {
        int taps = windows[0].kernel() * windows[1].kernel();
        float[] unit = new float[channels * taps];
        for (int channel = 0; channel < channels; channel++) {
            unit[channel * taps + tap] = 1;
        }
        return new FixedKernel(unit, channels, 1, windows, channels);
    }

    /**
     * What a pooling looks at. A convolution pads with zeros, and a maximum over nothing is below all: the image is
     * padded before, unless it holds nothing below zero and lets no slope through at zero.
     */
    private static Looked looked(String image, Window[] windows, BackwardPass pass) {
        long[] pads = {
            windows[0].padBefore(),
            windows[1].padBefore(),
            Math.max(0, windows[0].overhang()),
            Math.max(0, windows[1].overhang())
        };
        boolean rectified = pass.producer(image)
                .filter(node -> node.getOpType().equals("Relu"))
                .isPresent();
        if (rectified || Arrays.stream(pads).allMatch(pad -> pad == 0)) {
            return new Looked(image, windows, pads);
        }
        String padded = pass.graph()
                .add(
                        "Pad",
                        List.of(
                                image,
                                pass.graph().longs(0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]),
                                pass.graph().scalar(-Float.MAX_VALUE)));
        return new Looked(padded, windows, new long[4]);
    }

    /** An image and the windows on it. */
    private record Looked(String image, Window[] windows, long[] pads) {

        String through(FixedKernel kernel, GraphBuilder graph) {
            Window rows = windows[0];
            Window columns = windows[1];
            String weight = graph.floats(kernel.values(), kernel.outputs(), 1, rows.kernel(), columns.kernel());
            return graph.add(
                    "Conv",
                    List.of(image, weight),
                    Attributes.of("kernel_shape", new long[] {rows.kernel(), columns.kernel()}),
                    Attributes.of("strides", new long[] {rows.stride(), columns.stride()}),
                    Attributes.of("dilations", new long[] {rows.dilation(), columns.dilation()}),
                    Attributes.of("pads", pads),
                    Attributes.of("group", (long) kernel.groups()));
        }
    }

    /** What the taps took, put where they looked: a sum per phase of the image, or one for the whole image. */
    private record Placed(Window[] windows, long batch, int channels, List<Optional<String>> sums) {

        void add(String taken, FixedKernel unit, int tap, GraphBuilder graph) {
            int stride = windows[0].stride() * windows[1].stride();
            while (sums.size() < stride) {
                sums.add(Optional.empty());
            }
            int row = windows[0].phaseOf(tap / windows[1].kernel());
            int column = windows[1].phaseOf(tap % windows[1].kernel());
            int phase = whole() ? 0 : row * windows[1].stride() + column;
            String part = whole()
                    ? graph.add(
                            "ConvTranspose",
                            List.of(
                                    taken,
                                    graph.floats(unit.values(), channels, 1, windows[0].kernel(), windows[1].kernel())),
                            ConvGradient.undo(windows, channels))
                    : ConvGradient.phase(taken, unit, row, column, graph);
            sums.set(
                    phase,
                    Optional.of(sums.get(phase)
                            .map(sum -> graph.add("Add", List.of(sum, part)))
                            .orElse(part)));
        }

        private boolean whole() {
            return windows[0].stridesDilated() || windows[1].stridesDilated();
        }

        String image(GraphBuilder graph) {
            return whole() || sums.size() == 1
                    ? sums.get(0).orElseThrow()
                    : new Interleave(windows[0], windows[1], batch, channels).of(sums, graph);
        }
    }

    static void average(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long[] y = pass.shape(node.getOutput(0));
        Window[] windows = Window.of(node, x, y, Attributes.perAxis(node, "kernel_shape", 2, 1));
        boolean padding = Attributes.integer(node, "count_include_pad", 0) != 0;
        float[] shares = new float[(int) (y[2] * y[3])];
        for (int output = 0; output < shares.length; output++) {
            int rows = counted(windows[0], output / (int) y[3], padding);
            int columns = counted(windows[1], output % (int) y[3], padding);
            shares[output] = 1f / (rows * columns);
        }
        boolean even = true;
        for (float share : shares) {
            even &= share == shares[0];
        }
        String shared = graph.multiply(slope, even ? graph.scalar(shares[0]) : graph.floats(shares, 1, 1, y[2], y[3]));
        pass.add(node.getInput(0), spread(shared, windows, x, graph));
    }

    /** Gives each value to all inputs that its window covers. */
    private static String spread(String shared, Window[] windows, long[] x, GraphBuilder graph) {
        int channels = (int) x[1];
        if (windows[0].tiles() && windows[1].tiles()) {
            int phases = windows[0].stride() * windows[1].stride();
            return new Interleave(windows[0], windows[1], x[0], channels)
                    .of(Collections.nCopies(phases, Optional.of(shared)), graph);
        }
        float[] ones = new float[channels * windows[0].kernel() * windows[1].kernel()];
        Arrays.fill(ones, 1);
        if (windows[0].stridesDilated() || windows[1].stridesDilated()) {
            String kernel = graph.floats(ones, channels, 1, windows[0].kernel(), windows[1].kernel());
            return graph.add("ConvTranspose", List.of(shared, kernel), ConvGradient.undo(windows, channels));
        }
        return ConvGradient.input(shared, new FixedKernel(ones, channels, 1, windows, channels), x[0], graph);
    }

    /** How many positions along one axis an average is taken over; the declared padding counts or does not. */
    private static int counted(Window window, int output, boolean padding) {
        int count = 0;
        for (int tap = 0; tap < window.kernel(); tap++) {
            int position = output * window.stride() - window.padBefore() + tap * window.dilation();
            boolean inside = position >= 0 && position < window.input();
            boolean padded = position >= -window.padBefore() && position < window.input() + window.padAfter();
            count += (padding ? padded : inside) ? 1 : 0;
        }
        return count;
    }

    static void globalAverage(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long count = Arrays.stream(x).skip(2).reduce(1, (a, b) -> a * b);
        String share = graph.multiply(slope, graph.scalar(1.0 / count));
        pass.add(node.getInput(0), graph.expand(share, x));
    }
}
