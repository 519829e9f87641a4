package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Scalars in as many dimensions as the weights have that they are combined with: the runtime takes a kernel
 * {@code [o,i,1,1]} and a scalar of no dimension value by value, 60 times as slowly.
 */
final class RankedScalars {

    private final GraphBuilder graph;
    private final Map<String, String> ranked = new HashMap<>();

    RankedScalars(GraphBuilder graph) {
        this.graph = graph;
    }

    /** A scalar in the dimensions of some weights, all of them 1. */
    String of(String scalar, TensorProto weights) {
        int rank = weights.getDimsCount();
        if (rank == 0) {
            return scalar;
        }
        long[] ones = new long[rank];
        Arrays.fill(ones, 1);
        return ranked.computeIfAbsent(scalar + "/" + rank, key -> graph.reshape(scalar, ones));
    }
}
