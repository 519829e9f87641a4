package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.HashSet;
import java.util.Set;

/**
 * Rewrites a graph so that ONNX Runtime runs its convolutions, poolings and what lies between them in its blocked
 * layout from end to end. Its own optimiser does so for forward graphs, and stops at what a backward pass is made of.
 *
 * <p>The operators are internal to the runtime: the result is for running on this machine's processor, never for
 * saving, and only after it was seen to compute what the standard graph computes.
 */
public final class BlockedLayout {

    private BlockedLayout() {}

    /**
     * The graph in blocked layout.
     *
     * @param standard a graph of static shapes
     * @param block channels of a block, {@link BlockSize#detect}
     */
    public static ModelProto of(ModelProto standard, int block) {
        ModelProto source = RuntimeOpset.of(SwishSlopes.simplified(standard));
        GraphProto nodes = source.getGraph();
        BlockedGraph graph = new BlockedGraph(source, block);
        BlockedOperators operators = new BlockedOperators(graph);
        Set<NodeProto> done = new HashSet<>();
        for (NodeProto node : nodes.getNodeList()) {
            if (!done.contains(node) && !operators.rewrite(node, done)) {
                graph.copy(node);
            }
        }
        return source.toBuilder()
                .setGraph(graph.finish(nodes.getOutputList()))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain(BlockedGraph.DOMAIN)
                        .setVersion(1))
                .build();
    }
}
