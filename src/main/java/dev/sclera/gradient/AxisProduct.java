package dev.sclera.gradient;

import java.util.List;

/** The product of a constant matrix with each vector along one axis of a tensor. */
final class AxisProduct {

    private AxisProduct() {}

    /**
     * @param shape of the tensor
     * @param axis along which its vectors lie
     * @param matrix {@code [rows, shape[axis]]}
     * @return the tensor with {@code rows} in place of {@code shape[axis]}
     */
    static String of(String tensor, long[] shape, int axis, float[] matrix, int rows, GraphBuilder graph) {
        long before = 1;
        long behind = 1;
        for (int other = 0; other < shape.length; other++) {
            before *= other < axis ? shape[other] : 1;
            behind *= other > axis ? shape[other] : 1;
        }
        String left = graph.floats(matrix, rows, shape[axis]);
        if (axis == shape.length - 1) {
            // vectors in rows: with the matrix transposed on the right no layout changes
            return graph.add("MatMul", List.of(tensor, graph.transpose(left, 1, 0)));
        }
        if (axis == shape.length - 2) {
            return graph.add("MatMul", List.of(left, tensor));
        }
        String product = graph.add("MatMul", List.of(left, graph.reshape(tensor, before, shape[axis], behind)));
        return graph.reshape(product, replaced(shape, axis, rows));
    }

    static long[] replaced(long[] shape, int axis, long length) {
        long[] replaced = shape.clone();
        replaced[axis] = length;
        return replaced;
    }

    static long[] inserted(long[] shape, int axis, long length) {
        long[] inserted = new long[shape.length + 1];
        System.arraycopy(shape, 0, inserted, 0, axis);
        inserted[axis] = length;
        System.arraycopy(shape, axis, inserted, axis + 1, shape.length - axis);
        return inserted;
    }
}
