package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        Optional<NodeProto> rectifier = pass.producer(node.getInput(0))
                .filter(producer -> producer.getOpType().equals("Relu"));
        Looked looked = looked(node.getInput(0), rectifier.isPresent(), windows, pass);
        // beyond the input, the standard's inference of shapes sees a last window that the runtime does not compute
        boolean gaps = windows[0].stride() > windows[0].kernel() || windows[1].stride() > windows[1].kernel();
        boolean misjudged = gaps && Attributes.integer(node, "ceil_mode", 0) != 0;
        String maxima = misjudged ? graph.reshape(node.getOutput(0), y) : node.getOutput(0);
        String negative = graph.add("Neg", List.of(maxima));
        Placed placed = new Placed(windows, x[0], channels, new ArrayList<>());
        // what a ReLU stops is a maximum of zero; behind the pooling there are fewer to be asked
        String rest = rectifier.isPresent() ? graph.multiply(slope, graph.above(maxima, 0)) : slope;
        for (int tap = 0; tap < taps; tap++) {
            FixedKernel unit = unit(tap, channels, windows);
            if (tap == taps - 1) {
                placed.add(rest, unit, tap, graph);
            } else {
                String sees = graph.reachesZero(graph.add("Add", List.of(looked.through(tap, graph), negative)));
                String taken = graph.multiply(rest, sees);
                rest = graph.add("Sub", List.of(rest, taken));
                placed.add(taken, unit, tap, graph);
            }
        }
        pass.add(rectifier.orElse(node).getInput(0), placed.image(graph));
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
     * padded before, unless it is rectified: then it holds nothing below zero, and lets no slope through at zero.
     */
    private static Looked looked(String image, boolean rectified, Window[] windows, BackwardPass pass) {
        long[] shape = pass.shape(image);
        long[] pads = {
            windows[0].padBefore(),
            windows[1].padBefore(),
            Math.max(0, windows[0].overhang()),
            Math.max(0, windows[1].overhang())
        };
        boolean hasAllPhases = shape[2] >= windows[0].stride() && shape[3] >= windows[1].stride();
        if (rectified && hasAllPhases || Arrays.stream(pads).allMatch(pad -> pad == 0)) {
            return new Looked(image, windows, pads, shape, new HashMap<>());
        }
        String padded = pass.graph()
                .add(
                        "Pad",
                        List.of(
                                image,
                                pass.graph().longs(0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]),
                                pass.graph().scalar(-Float.MAX_VALUE)));
        shape[2] += pads[0] + pads[2];
        shape[3] += pads[1] + pads[3];
        return new Looked(padded, windows, new long[4], shape, new HashMap<>());
    }

    /**
     * An image and the windows on it.
     *
     * @param phases of the image, by the place of their first pixel: what several taps look at is taken out of it once
     */
    private record Looked(
            String image, Window[] windows, long[] pads, long[] shape, Map<List<Integer>, String> phases) {

        /** What all windows see through one of their taps. */
        String through(int tap, GraphBuilder graph) {
            int row = offset(0, tap / windows[1].kernel());
            int column = offset(1, tap % windows[1].kernel());
            int down = windows[0].stride();
            int across = windows[1].stride();
            List<Integer> first = List.of(Math.floorMod(row, down), Math.floorMod(column, across));
            String phase = phases.computeIfAbsent(first, place -> phase(place.get(0), place.get(1), graph));
            return moved(phase, new int[] {Math.floorDiv(row, down), Math.floorDiv(column, across)}, first, graph);
        }

        /** From the first pixel to what the first window sees through a tap. */
        private int offset(int axis, int tap) {
            return tap * windows[axis].dilation() - (int) pads[axis];
        }

        private String phase(int row, int column, GraphBuilder graph) {
            if (windows[0].stride() * windows[1].stride() == 1) {
                return image;
            }
            return single(
                    image,
                    new int[] {row, column},
                    new int[] {row + 1, column + 1},
                    new long[] {windows[0].stride(), windows[1].stride()},
                    new long[4],
                    graph);
        }

        /**
         * A phase from another pixel on, as many as there are windows; beyond the image there is nothing above zero.
         */
        private String moved(String phase, int[] by, List<Integer> first, GraphBuilder graph) {
            int[] one = new int[2];
            int[] lengths = new int[2];
            long[] padded = new long[4];
            boolean all = true;
            for (int axis = 0; axis < 2; axis++) {
                int stride = windows[axis].stride();
                int length = (int) (shape[axis + 2] - first.get(axis) + stride - 1) / stride;
                int before = Math.max(0, -by[axis]);
                one[axis] = Math.max(0, by[axis]);
                lengths[axis] = Math.max(one[axis], length + before - windows[axis].output()) + 1;
                padded[axis] = before;
                padded[axis + 2] = windows[axis].output() - (length + before - lengths[axis] + 1);
                all &= lengths[axis] == 1 && before == 0 && padded[axis + 2] == 0;
            }
            return all ? phase : single(phase, one, lengths, new long[] {1, 1}, padded, graph);
        }

        /** A convolution per channel by a kernel that is 1 at one place. */
        private String single(String of, int[] one, int[] lengths, long[] strides, long[] padded, GraphBuilder graph) {
            int channels = (int) shape[1];
            float[] kernel = new float[channels * lengths[0] * lengths[1]];
            for (int channel = 0; channel < channels; channel++) {
                kernel[(channel * lengths[0] + one[0]) * lengths[1] + one[1]] = 1;
            }
            return graph.add(
                    "Conv",
                    List.of(of, graph.floats(kernel, channels, 1, lengths[0], lengths[1])),
                    Attributes.of("kernel_shape", new long[] {lengths[0], lengths[1]}),
                    Attributes.of("strides", strides),
                    Attributes.of("pads", padded),
                    Attributes.of("group", (long) channels));
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
