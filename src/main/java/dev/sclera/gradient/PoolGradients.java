package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.List;

/** Pooling over windows. What leads back to the input is a transposed convolution over single channels. */
final class PoolGradients {

    private PoolGradients() {}

    /**
     * The slope goes to the one input that the forward pass picked: of equals the first in reading order, as in
     * PyTorch. The runtime's own indices say which; they are compared with the position of each tap of the window,
     * which gives one mask per tap, and a kernel of unit taps puts the masked slopes where they belong.
     */
    static void maximum(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] x = pass.shape(node.getInput(0));
        long[] y = pass.shape(node.getOutput(0));
        Window[] windows = Window.of(node, x, y, Attributes.perAxis(node, "kernel_shape", 2, 1));
        long planes = y[0] * y[1];
        int taps = windows[0].kernel() * windows[1].kernel();
        String indices = graph.reshape(pass.indices(node), planes, 1, y[2], y[3]);
        String inPlane = graph.add("Sub", List.of(indices, graph.longs(planeStarts(planes, x[2] * x[3]), new long[] {
            planes, 1, 1, 1
        })));
        String inWindow =
                graph.add("Sub", List.of(inPlane, graph.longs(origins(windows), new long[] {1, 1, y[2], y[3]})));
        String picked =
                graph.add("Equal", List.of(inWindow, graph.longs(offsets(windows), new long[] {1, taps, 1, 1})));
        String mask = graph.add("Cast", List.of(picked), Attributes.of("to", (long) TensorProto.DataType.FLOAT_VALUE));
        String masked = graph.multiply(mask, graph.reshape(slope, planes, 1, y[2], y[3]));
        String unit = graph.floats(unit(taps), taps, 1, windows[0].kernel(), windows[1].kernel());
        String placed = graph.add("ConvTranspose", List.of(masked, unit), ConvGradient.undo(windows, 1));
        pass.add(node.getInput(0), graph.reshape(placed, x));
    }

    /** Where each plane starts in the flattened tensor, which is what the indices count in. */
    private static long[] planeStarts(long planes, long size) {
        long[] starts = new long[(int) planes];
        Arrays.setAll(starts, plane -> plane * size);
        return starts;
    }

    /**
     * Per output, the position in the plane of its window's first tap; in the padding it is outside, which does no
     * harm.
     */
    private static long[] origins(Window[] windows) {
        Window rows = windows[0];
        Window columns = windows[1];
        long[] origins = new long[rows.output() * columns.output()];
        Arrays.setAll(origins, output -> {
            long row = (long) (output / columns.output()) * rows.stride() - rows.padBefore();
            long column = (long) (output % columns.output()) * columns.stride() - columns.padBefore();
            return row * columns.input() + column;
        });
        return origins;
    }

    /** Per tap, its distance from the window's first one. */
    private static long[] offsets(Window[] windows) {
        Window rows = windows[0];
        Window columns = windows[1];
        long[] offsets = new long[rows.kernel() * columns.kernel()];
        Arrays.setAll(
                offsets,
                tap -> (long) (tap / columns.kernel()) * rows.dilation() * columns.input()
                        + (long) (tap % columns.kernel()) * columns.dilation());
        return offsets;
    }

    private static float[] unit(int size) {
        float[] unit = new float[size * size];
        for (int i = 0; i < size; i++) {
            unit[i * size + i] = 1;
        }
        return unit;
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
        long planes = y[0] * y[1];
        String shared =
                graph.multiply(graph.reshape(slope, planes, 1, y[2], y[3]), graph.floats(shares, 1, 1, y[2], y[3]));
        float[] ones = new float[windows[0].kernel() * windows[1].kernel()];
        Arrays.fill(ones, 1);
        String kernel = graph.floats(ones, 1, 1, windows[0].kernel(), windows[1].kernel());
        String placed = graph.add("ConvTranspose", List.of(shared, kernel), ConvGradient.undo(windows, 1));
        pass.add(node.getInput(0), graph.reshape(placed, x));
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
