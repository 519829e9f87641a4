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
            String scaled = graph.multiply(slope, graph.scalar(Attributes.real(node, "beta", 1f)));
            pass.add(
                    node.getInput(2),
                    graph.reduceTo(scaled, pass.shape(node.getOutput(0)), pass.shape(node.getInput(2))));
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

    static void matMul(NodeProto node, String slope, BackwardPass pass) {
        GraphBuilder graph = pass.graph();
        String a = node.getInput(0);
        String b = node.getInput(1);
        long[] shapeA = pass.shape(a);
        long[] shapeB = pass.shape(b);
        if (shapeA.length < 2 || shapeB.length < 2) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" multiplies a matrix with a vector; its gradient is known for matrices alone."
                            .formatted(node.getName()));
        }
        if (pass.wants(a)) {
            long[] shape = product(pass.shape(node.getOutput(0)), shapeA);
            pass.add(
                    a,
                    graph.reduceTo(graph.add("MatMul", List.of(slope, transposed(b, shapeB, graph))), shape, shapeA));
        }
        if (pass.wants(b)) {
            long[] shape = product(pass.shape(node.getOutput(0)), shapeB);
            pass.add(
                    b,
                    graph.reduceTo(graph.add("MatMul", List.of(transposed(a, shapeA, graph), slope)), shape, shapeB));
        }
    }

    /** The shape of a product that has the batch of one tensor and the matrices of another. */
    private static long[] product(long[] batch, long[] matrix) {
        long[] shape = batch.clone();
        shape[shape.length - 2] = matrix[matrix.length - 2];
        shape[shape.length - 1] = matrix[matrix.length - 1];
        return shape;
    }

    private static String transposed(String tensor, long[] shape, GraphBuilder graph) {
        long[] permutation = LongStream.range(0, shape.length).toArray();
        permutation[shape.length - 2] = shape.length - 1;
        permutation[shape.length - 1] = shape.length - 2;
        return graph.transpose(tensor, permutation);
    }
}
