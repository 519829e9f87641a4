package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.function.UnaryOperator;

/** The graphs that nodes such as If and Loop hold. */
final class Subgraphs {

    private Subgraphs() {}

    /** The node with each graph that it holds replaced. */
    static NodeProto map(NodeProto node, UnaryOperator<GraphProto> change) {
        if (node.getAttributeList().stream()
                .noneMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0)) {
            return node;
        }
        NodeProto.Builder changed = node.toBuilder();
        for (AttributeProto.Builder attribute : changed.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                attribute.setG(change.apply(attribute.getG()));
            }
            for (int i = 0; i < attribute.getGraphsCount(); i++) {
                attribute.setGraphs(i, change.apply(attribute.getGraphs(i)));
            }
        }
        return changed.build();
    }

    /** How many nodes a graph has, with those of the graphs that its nodes hold. */
    static long nodes(GraphProto graph) {
        long count = graph.getNodeCount();
        for (NodeProto node : graph.getNodeList()) {
            for (AttributeProto attribute : node.getAttributeList()) {
                count += attribute.hasG() ? nodes(attribute.getG()) : 0;
                for (GraphProto inner : attribute.getGraphsList()) {
                    count += nodes(inner);
                }
            }
        }
        return count;
    }
}
