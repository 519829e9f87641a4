package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a padding with zeros before a convolution the convolution's own. Keras and TensorFlow write "same" padding of
 * strided convolutions as a node of its own; the runtime merges the two itself, but not where the weights are trained,
 * nor in the blocked layout, where the padding would have to leave it.
 */
final class PaddedConvolutions {

    private final GraphProto graph;
    private final Map<String, NodeProto> makers = new HashMap<>();
    private final Map<String, TensorProto> constants = new HashMap<>();

    private PaddedConvolutions(GraphProto graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(made -> makers.put(made, node)));
    }

    /** The model with such paddings merged; values are the same. Constants are folded beforehand. */
    static ModelProto of(ModelProto model) {
        PaddedConvolutions convolutions = new PaddedConvolutions(model.getGraph());
        GraphProto.Builder merged = model.getGraph().toBuilder().clearNode();
        Set<String> read = new HashSet<>(Values.names(model.getGraph().getOutputList()));
        for (NodeProto node : model.getGraph().getNodeList()) {
            NodeProto kept = convolutions.merged(node);
            read.addAll(kept.getInputList());
            merged.addNode(kept);
        }
        for (int i = merged.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = merged.getNode(i);
            if (node.getOpType().equals("Pad") && !read.contains(node.getOutput(0))) {
                merged.removeNode(i);
            }
        }
        return model.toBuilder().setGraph(merged).build();
    }

    private NodeProto merged(NodeProto node) {
        NodeProto maker = makers.get(node.getInputCount() > 0 ? node.getInput(0) : "");
        if (!node.getOpType().equals("Conv")
                || maker == null
                || !maker.getOpType().equals("Pad")) {
            return node;
        }
        return spatial(maker)
                .flatMap(pads -> total(node, pads))
                .map(pads -> padded(node, maker.getInput(0), pads))
                .orElse(node);
    }

    private static NodeProto padded(NodeProto conv, String image, long[] pads) {
        return Attributes.without(conv, "pads", "auto_pad")
                .setInput(0, image)
                .addAttribute(Attributes.of("pads", pads))
                .build();
    }

    /** The padding's and the convolution's own together; none where the convolution leaves its own to the runtime. */
    private static Optional<long[]> total(NodeProto conv, long[] pads) {
        String automatic = Attributes.text(conv, "auto_pad", "NOTSET");
        long[] own = Attributes.integers(conv, "pads").orElseGet(() -> new long[pads.length]);
        if (automatic.startsWith("SAME") || own.length != pads.length) {
            return Optional.empty();
        }
        long[] total = pads.clone();
        for (int i = 0; i < total.length && automatic.equals("NOTSET"); i++) {
            total[i] += own[i];
        }
        return Optional.of(total);
    }

    /** What a node pads of the axes behind the second, where it pads no other, with zeros, and crops nothing. */
    private Optional<long[]> spatial(NodeProto pad) {
        boolean zeros = pad.getInputCount() < 3 || pad.getInput(2).isEmpty() || isZero(pad.getInput(2));
        TensorProto amounts = pad.getInputCount() > 1 ? constants.get(pad.getInput(1)) : null;
        boolean someAxes = pad.getInputCount() > 3 && !pad.getInput(3).isEmpty();
        if (!Attributes.text(pad, "mode", "constant").equals("constant") || !zeros || amounts == null || someAxes) {
            return Optional.empty();
        }
        long[] pads = Tensors.longs(amounts);
        int rank = pads.length / 2;
        boolean planes = rank > 2 && pads[0] == 0 && pads[1] == 0 && pads[rank] == 0 && pads[rank + 1] == 0;
        if (!planes || Arrays.stream(pads).anyMatch(amount -> amount < 0)) {
            return Optional.empty();
        }
        long[] spatial = new long[2 * (rank - 2)];
        System.arraycopy(pads, 2, spatial, 0, rank - 2);
        System.arraycopy(pads, rank + 2, spatial, rank - 2, rank - 2);
        return Optional.of(spatial);
    }

    private boolean isZero(String name) {
        TensorProto value = constants.get(name);
        return value != null && Tensors.number(value) == 0;
    }
}
