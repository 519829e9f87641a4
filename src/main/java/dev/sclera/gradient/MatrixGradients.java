package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.stream.LongStream;

/** Products of matrices. */
final class MatrixGradients {

    private MatrixGradients() {}

    /** {@code Y = alpha·A'·B' + beta·C}, where ' transposes if the node says so. */
    static void gemm(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        boolean transA = Attributes.integer(node, "transA", 0) != 0;
        boolean transB = Attributes.integer(node, "transB", 0) != 0;
        float alpha = Attributes.real(node, "alpha", 1f);
        String a = node.getInput(0);
        String b = node.getInput(1);
        if (pass.wants(a)) {
            pass.add(
                    a,
                    transA ? gemm(b, slope, transB, true, alpha, graph) : gemm(slope, b, false, !transB, alpha, graph));
        }
        if (pass.wants(b)) {
            pass.add(
                    b,
                    transB ? gemm(slope, a, true, transA, alpha, graph) : gemm(a, slope, !transA, false, alpha, graph));
        }
        if (node.getInputCount() > 2 && pass.wants(node.getInput(2))) {
            ArithmeticGradients.contribute(node, 2, graph.times(slope, Attributes.real(node, "beta", 1f)), pass);
        }
    }

    private static String gemm(String a, String b, boolean transA, boolean transB, float alpha, GraphBuilder graph) {
        return graph.add(
                "Gemm",
                List.of(a, b),
                Attributes.of("transA", transA ? 1L : 0L),
                Attributes.of("transB", transB ? 1L : 0L),
                Attributes.of("alpha", alpha));
    }

    /** A vector on the left is a row, and one on the right a column. */
    static void matMul(NodeProto node, String slope, BackwardPass pass) {
        long[] shapeA = pass.shape(node.getInput(0));
        long[] shapeB = pass.shape(node.getInput(1));
        long[] formA = shapeA.length == 1 ? new long[] {1, shapeA[0]} : shapeA;
        long[] formB = shapeB.length == 1 ? new long[] {shapeB[0], 1} : shapeB;
        long[] form = product(formA, formB);
        GraphBuilder graph = pass.graph();
        String whole = formA == shapeA && formB == shapeB ? slope : graph.reshape(slope, form);
        if (pass.wants(node.getInput(0))) {
            String b = formB == shapeB ? node.getInput(1) : graph.reshape(node.getInput(1), formB);
            String product = graph.add("MatMul", List.of(whole, transposed(b, formB, graph)));
            long[] full = form.clone();
            full[full.length - 1] = formA[formA.length - 1];
            String reduced = graph.reduceTo(product, full, formA);
            pass.add(node.getInput(0), formA == shapeA ? reduced : graph.reshape(reduced, shapeA));
        }
        if (pass.wants(node.getInput(1))) {
            String a = formA == shapeA ? node.getInput(0) : graph.reshape(node.getInput(0), formA);
            String reduced = right(a, formA, formB, whole, form, graph);
            pass.add(node.getInput(1), formB == shapeB ? reduced : graph.reshape(reduced, shapeB));
        }
    }

    /** The slope of the right side; one matrix that is used for a whole batch sees it as one tall matrix. */
    private static String right(String a, long[] formA, long[] formB, String slope, long[] form, GraphBuilder graph) {
        long inner = formB[formB.length - 2];
        long outer = formB[formB.length - 1];
        if (formB.length == 2) {
            long rows = Tensors.size(formA) / inner;
            String tallA = formA.length == 2 ? a : graph.reshape(a, rows, inner);
            String tall = formA.length == 2 ? slope : graph.reshape(slope, rows, outer);
            return gemm(tallA, tall, true, false, 1, graph);
        }
        String product = graph.add("MatMul", List.of(transposed(a, formA, graph), slope));
        long[] full = form.clone();
        full[full.length - 2] = inner;
        return graph.reduceTo(product, full, formB);
    }

    private static long[] product(long[] a, long[] b) {
        int rank = Math.max(a.length, b.length);
        long[] shape = new long[rank];
        for (int axis = 0; axis < rank - 2; axis++) {
            int inA = axis - rank + a.length;
            int inB = axis - rank + b.length;
            shape[axis] = Math.max(inA < 0 ? 1 : a[inA], inB < 0 ? 1 : b[inB]);
        }
        shape[rank - 2] = a[a.length - 2];
        shape[rank - 1] = b[b.length - 1];
        return shape;
    }

    private static String transposed(String tensor, long[] shape, GraphBuilder graph) {
        long[] permutation = LongStream.range(0, shape.length).toArray();
        permutation[shape.length - 2] = shape.length - 1;
        permutation[shape.length - 1] = shape.length - 2;
        return graph.transpose(tensor, permutation);
    }
}
