package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashSet;
import java.util.Set;

/**
 * Rewrites a graph so that ONNX Runtime runs its convolutions, poolings and what lies between them in its blocked
 * layout from end to end. Its own optimiser does so for forward graphs, and stops at what a backward pass is made of.
 *
 * <p>The operators are internal to the runtime: the result is for running on this machine's processor, never for
 * saving, and only after it was seen to compute what the standard graph computes. For the same reason its opset may be
 * {@linkplain RuntimeOpset later} than the model's.
 */
public final class BlockedLayout {

    private BlockedLayout() {}

    /**
     * Sets up a session for such a graph. What it keeps as bytes is no quantised tensor, but the runtime takes it for
     * one, and would expand it anew for each reader; so it is told to leave those alone, where the model has none.
     *
     * @throws OrtException where the runtime refuses the setting
     */
    public static void configure(OrtSession.SessionOptions options, ModelProto blocked) throws OrtException {
        boolean quantised = blocked.getGraph().getNodeList().stream()
                .anyMatch(node -> node.getOpType().equals("QuantizeLinear")
                        && !node.getName().startsWith(BlockedGraph.PREFIX));
        if (!quantised) {
            options.addConfigEntry("session.disable_quant_qdq", "1");
        }
    }

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
