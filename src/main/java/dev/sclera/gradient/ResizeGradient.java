package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A resize is linear along each axis in turn, and the runtime itself says by which matrix; the slope goes through the
 * transposed ones.
 */
final class ResizeGradient implements OperatorGradient {

    @Override
    public void backward(NodeProto node, String slope, BackwardPass pass) {
        if (!Attributes.text(node, "keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (Resize) keeps the aspect ratio; its gradient is known for sizes that are taken as they are. Give the sizes that result, and the policy \"stretch\"."
                            .formatted(node.getName()));
        }
        long[] x = pass.shape(node.getInput(0));
        long[] shape = pass.shape(node.getOutput(0));
        ResizeMatrix matrix =
                new ResizeMatrix(node, pass.opset(), x, shape, scales(node, x, shape, pass), regions(node, x, pass));
        boolean nearest = Attributes.text(node, "mode", "nearest").equals("nearest");
        String rest = slope;
        // the longest reduction first, for the others then have less to do
        int[] axes = LongStream.range(0, x.length)
                .mapToInt(axis -> (int) axis)
                .filter(matrix::resizes)
                .boxed()
                .sorted((a, b) -> Double.compare((double) shape[b] / x[b], (double) shape[a] / x[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int axis : axes) {
            float[] rows = matrix.transposed(axis);
            int length = (int) x[axis];
            rest = nearest
                    ? new AxisMap(sources(rows, (int) shape[axis]), length).back(rest, shape, axis, pass.graph())
                    : AxisProduct.of(rest, shape, axis, rows, length, pass.graph());
            shape[axis] = length;
        }
        pass.add(node.getInput(0), rest);
    }

    /** Per output the input that it is, from a transposed matrix of 0 and 1. */
    private static int[] sources(float[] transposed, int outputs) {
        int[] sources = new int[outputs];
        Arrays.fill(sources, -1);
        for (int at = 0; at < transposed.length; at++) {
            if (transposed[at] != 0) {
                sources[at % outputs] = at / outputs;
            }
        }
        return sources;
    }

    /** The scale of every axis; empty where the node gives sizes. */
    private static float[] scales(NodeProto node, long[] x, long[] y, BackwardPass pass) {
        if (node.getInputCount() < 3 || node.getInput(2).isEmpty()) {
            return new float[0];
        }
        TensorProto given = pass.requireConstant(node, 2);
        float[] values = Tensors.floats(given);
        return values.length == 0 ? values : spread(node, values, x.length, 1);
    }

    /** The cropped region, starts before ends; it counts in one coordinate mode alone. */
    private static float[] regions(NodeProto node, long[] x, BackwardPass pass) {
        boolean crops = Attributes.text(node, "coordinate_transformation_mode", "half_pixel")
                .equals("tf_crop_and_resize");
        if (!crops) {
            return new float[0];
        }
        float[] given = Tensors.floats(pass.requireConstant(node, 1));
        int count = given.length / 2;
        float[] starts = spread(node, Arrays.copyOf(given, count), x.length, 0);
        float[] ends = spread(node, Arrays.copyOfRange(given, count, given.length), x.length, 1);
        float[] regions = Arrays.copyOf(starts, 2 * x.length);
        System.arraycopy(ends, 0, regions, x.length, x.length);
        return regions;
    }

    /** Values of the node's axes as values of all axes. */
    private static float[] spread(NodeProto node, float[] values, int rank, float otherwise) {
        long[] axes = Attributes.integers(node, "axes")
                .orElseGet(() -> LongStream.range(0, rank).toArray());
        float[] spread = new float[rank];
        Arrays.fill(spread, otherwise);
        for (int i = 0; i < axes.length; i++) {
            spread[(int) Math.floorMod(axes[i], (long) rank)] = values[i];
        }
        return spread;
    }
}
