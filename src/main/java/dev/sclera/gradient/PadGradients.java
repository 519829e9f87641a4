package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Padding and slicing: each position of the result is from one of the input, or from none. */
final class PadGradients {

    private PadGradients() {}

    static void pad(NodeProto node, String slope, BackwardPass pass) {
        long[] x = pass.shape(node.getInput(0));
        long[] pads = pads(node, x.length, pass);
        String mode = Attributes.text(node, "mode", "constant");
        if (mode.equals("constant")) {
            long[] back = LongStream.of(pads).map(pad -> -pad).toArray();
            pass.add(node.getInput(0), pass.graph().pad(slope, back));
            return;
        }
        long[] shape = pass.shape(node.getOutput(0));
        String rest = slope;
        for (int axis = 0; axis < x.length; axis++) {
            int[] sources = new int[(int) shape[axis]];
            for (int j = 0; j < sources.length; j++) {
                sources[j] = source(node, mode, (int) (j - pads[axis]), (int) x[axis]);
            }
            rest = new AxisMap(sources, (int) x[axis]).back(rest, shape, axis, pass.graph());
            shape[axis] = x[axis];
        }
        pass.add(node.getInput(0), rest);
    }

    private static int source(NodeProto node, String mode, int position, int length) {
        return switch (mode) {
            case "edge" -> Math.max(0, Math.min(length - 1, position));
            case "wrap" -> Math.floorMod(position, length);
            case "reflect" -> {
                int period = Math.max(1, 2 * (length - 1));
                int folded = Math.floorMod(position, period);
                yield folded < length ? folded : period - folded;
            }
            default ->
                throw new UnsupportedGraphException(
                        "The node \"%s\" pads by \"%s\"; the gradient is known for constant, reflect, edge and wrap."
                                .formatted(node.getName(), mode));
        };
    }

    private static long[] pads(NodeProto node, int rank, BackwardPass pass) {
        long[] given = Tensors.longs(pass.requireConstant(node, 1));
        if (node.getInputCount() < 4 || node.getInput(3).isEmpty()) {
            return given;
        }
        long[] axes = Tensors.longs(pass.requireConstant(node, 3));
        long[] pads = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) Math.floorMod(axes[i], (long) rank);
            pads[axis] = given[i];
            pads[rank + axis] = given[axes.length + i];
        }
        return pads;
    }

    static void slice(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] whole = pass.shape(node.getInput(0));
        long[] part = pass.shape(node.getOutput(0));
        long[] starts = Tensors.longs(pass.requireConstant(node, 1));
        long[] axes = given(node, 3, pass, LongStream.range(0, starts.length).toArray());
        long[] steps = given(
                node, 4, pass, LongStream.generate(() -> 1).limit(starts.length).toArray());
        long[] pads = new long[2 * whole.length];
        String spread = slope;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) Math.floorMod(axes[i], (long) whole.length);
            long start = starts[i] < 0 ? starts[i] + whole[axis] : starts[i];
            start = Math.max(0, Math.min(steps[i] < 0 ? whole[axis] - 1 : whole[axis], start));
            if (steps[i] < 0) {
                spread = backwards((int) start, (int) steps[i], whole, part, axis)
                        .back(spread, part, axis, graph);
                part[axis] = whole[axis];
            } else {
                spread = spread(spread, part, axis, steps[i], graph);
                part[axis] *= steps[i];
                pads[axis] = start;
                // negative where the last step reaches beyond the end: what is cropped then is zeros
                pads[whole.length + axis] = whole[axis] - start - part[axis];
            }
        }
        pass.add(node.getInput(0), graph.pad(spread, pads));
    }

    private static long[] given(NodeProto node, int input, BackwardPass pass, long[] otherwise) {
        return node.getInputCount() > input && !node.getInput(input).isEmpty()
                ? Tensors.longs(pass.requireConstant(node, input))
                : otherwise;
    }

    private static AxisMap backwards(int start, int step, long[] whole, long[] part, int axis) {
        int[] sources = new int[(int) part[axis]];
        Arrays.setAll(sources, j -> start + j * step);
        return new AxisMap(sources, (int) whole[axis]);
    }

    /** Puts {@code step − 1} zeros behind each position of an axis. */
    private static String spread(String tensor, long[] shape, int axis, long step, GraphBuilder graph) {
        if (step == 1) {
            return tensor;
        }
        long[] split = AxisProduct.inserted(shape, axis + 1, 1);
        long[] pads = new long[2 * split.length];
        pads[split.length + axis + 1] = step - 1;
        String padded = graph.pad(graph.reshape(tensor, split), pads);
        return graph.reshape(padded, AxisProduct.replaced(shape, axis, shape[axis] * step));
    }
}
