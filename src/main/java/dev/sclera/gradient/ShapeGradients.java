package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Operators that move values without changing them: the slope moves back. */
final class ShapeGradients {

    private ShapeGradients() {}

    static void reshape(NodeProto node, String slope, BackwardPass pass) {
        long[] shape = pass.shape(node.getInput(0));
        boolean same = Arrays.equals(shape, pass.shape(node.getOutput(0)));
        pass.add(node.getInput(0), same ? slope : pass.graph().reshape(slope, shape));
    }

    static void transpose(NodeProto node, String slope, BackwardPass pass) {
        int rank = pass.shape(node.getInput(0)).length;
        long[] permutation = Attributes.integers(node, "perm")
                .orElseGet(() ->
                        LongStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
        long[] inverse = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            inverse[(int) permutation[axis]] = axis;
        }
        pass.add(node.getInput(0), pass.graph().transpose(slope, inverse));
    }

    static void concat(NodeProto node, String slope, BackwardPass pass) {
        int rank = pass.shape(node.getOutput(0)).length;
        long axis = Math.floorMod(Attributes.integer(node, "axis", 0), (long) rank);
        long start = 0;
        for (String input : node.getInputList()) {
            long end = start + pass.shape(input)[(int) axis];
            if (pass.wants(input)) {
                long[] from = {start};
                long[] to = {end};
                pass.add(input, pass.graph().slice(slope, from, to, new long[] {axis}));
            }
            start = end;
        }
    }

    static void slice(NodeProto node, String slope, BackwardPass pass) {
        long[] whole = pass.shape(node.getInput(0));
        long[] part = pass.shape(node.getOutput(0));
        long[] starts = Tensors.longs(pass.requireConstant(node, 1));
        long[] axes = node.getInputCount() > 3 && !node.getInput(3).isEmpty()
                ? Tensors.longs(pass.requireConstant(node, 3))
                : LongStream.range(0, starts.length).toArray();
        long[] steps = node.getInputCount() > 4 && !node.getInput(4).isEmpty()
                ? Tensors.longs(pass.requireConstant(node, 4))
                : LongStream.generate(() -> 1).limit(starts.length).toArray();
        long[] pads = new long[2 * whole.length];
        String spread = slope;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) Math.floorMod(axes[i], (long) whole.length);
            if (steps[i] < 1) {
                throw new UnsupportedGraphException(
                        "The node \"%s\" slices backwards; its gradient is known for positive steps alone."
                                .formatted(node.getName()));
            }
            long start = starts[i] < 0 ? Math.max(0, starts[i] + whole[axis]) : Math.min(starts[i], whole[axis]);
            spread = spread(spread, part, axis, steps[i], pass.graph());
            part[axis] *= steps[i];
            pads[axis] = start;
            // negative where the last step reaches beyond the end: what is cropped then is zeros
            pads[whole.length + axis] = whole[axis] - start - part[axis];
        }
        pass.add(node.getInput(0), pass.graph().pad(spread, pads));
    }

    /** Puts {@code step − 1} zeros behind each position of an axis. */
    private static String spread(String tensor, long[] shape, int axis, long step, GraphBuilder graph) {
        if (step == 1) {
            return tensor;
        }
        long[] split = new long[shape.length + 1];
        System.arraycopy(shape, 0, split, 0, axis + 1);
        split[axis + 1] = 1;
        System.arraycopy(shape, axis + 1, split, axis + 2, shape.length - axis - 1);
        long[] pads = new long[2 * split.length];
        pads[split.length + axis + 1] = step - 1;
        long[] joined = shape.clone();
        joined[axis] *= step;
        return graph.reshape(graph.pad(graph.reshape(tensor, split), pads), joined);
    }

    /** Known for one position of an axis, as vision transformers take their class token, and for a change of order. */
    static void gather(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        long[] indices = Tensors.longs(pass.requireConstant(node, 1));
        long[] whole = pass.shape(node.getInput(0));
        int axis = (int) Math.floorMod(Attributes.integer(node, "axis", 0), (long) whole.length);
        int length = (int) whole[axis];
        long[] inverse = inverse(indices, length);
        if (inverse.length > 0) {
            String flat = graph.reshape(slope, whole);
            pass.add(
                    node.getInput(0),
                    graph.add("Gather", List.of(flat, graph.longs(inverse)), Attributes.of("axis", (long) axis)));
            return;
        }
        if (indices.length != 1) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" gathers %d of %d positions; the gradient is known for one of them, and for a change of their order."
                            .formatted(node.getName(), indices.length, length));
        }
        long index = Math.floorMod(indices[0], (long) length);
        long[] one = whole.clone();
        one[axis] = 1;
        long[] pads = new long[2 * whole.length];
        pads[axis] = index;
        pads[whole.length + axis] = length - 1 - index;
        pass.add(node.getInput(0), graph.pad(graph.reshape(slope, one), pads));
    }

    /** The order that undoes a permutation of all positions; nothing where the indices are none. */
    private static long[] inverse(long[] indices, int length) {
        if (indices.length != length) {
            return new long[0];
        }
        long[] inverse = new long[length];
        Arrays.fill(inverse, -1);
        for (int i = 0; i < length; i++) {
            inverse[Math.floorMod((int) indices[i], length)] = i;
        }
        return LongStream.of(inverse).anyMatch(index -> index < 0) ? new long[0] : inverse;
    }

    static void pad(NodeProto node, String slope, BackwardPass pass) {
        String mode = Attributes.text(node, "mode", "constant");
        if (!mode.equals("constant")) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" pads by \"%s\"; the gradient is known for constants alone."
                            .formatted(node.getName(), mode));
        }
        if (node.getInputCount() > 3 && !node.getInput(3).isEmpty()) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" pads chosen axes; the gradient is known for pads of all axes."
                            .formatted(node.getName()));
        }
        long[] pads = Tensors.longs(pass.requireConstant(node, 1));
        pass.add(
                node.getInput(0),
                pass.graph().pad(slope, LongStream.of(pads).map(pad -> -pad).toArray()));
    }
}
