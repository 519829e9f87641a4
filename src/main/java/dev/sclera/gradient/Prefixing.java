package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Map;

/**
 * Gives all names of a graph a prefix, so that it can stand beside others in one graph.
 *
 * @param prefix what names begin with then
 * @param kept names that become others, and get no prefix
 */
record Prefixing(String prefix, Map<String, String> kept) {

    String of(String name) {
        // an empty name is an optional input or output that is left out
        return name.isEmpty() ? name : kept.getOrDefault(name, prefix + name);
    }

    GraphProto of(GraphProto graph) {
        GraphProto.Builder renamed = graph.toBuilder().setName(prefix + graph.getName());
        for (int i = 0; i < graph.getNodeCount(); i++) {
            renamed.setNode(i, of(graph.getNode(i)));
        }
        for (TensorProto.Builder weight : renamed.getInitializerBuilderList()) {
            weight.setName(of(weight.getName()));
        }
        renamed.getSparseInitializerBuilderList()
                .forEach(weight ->
                        weight.getValuesBuilder().setName(of(weight.getValues().getName())));
        for (ValueInfoProto.Builder input : renamed.getInputBuilderList()) {
            input.setName(of(input.getName()));
        }
        for (ValueInfoProto.Builder output : renamed.getOutputBuilderList()) {
            output.setName(of(output.getName()));
        }
        for (ValueInfoProto.Builder value : renamed.getValueInfoBuilderList()) {
            value.setName(of(value.getName()));
        }
        renamed.getQuantizationAnnotationBuilderList()
                .forEach(annotation -> annotation.setTensorName(of(annotation.getTensorName())));
        return renamed.build();
    }

    NodeProto of(NodeProto original) {
        NodeProto.Builder node = original.toBuilder().setName(prefix + original.getName());
        for (int i = 0; i < node.getInputCount(); i++) {
            node.setInput(i, of(node.getInput(i)));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            node.setOutput(i, of(node.getOutput(i)));
        }
        for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            // the branches of If and the bodies of Loop see the names outside them
            if (attribute.hasG()) {
                attribute.setG(of(attribute.getG()));
            }
            for (int i = 0; i < attribute.getGraphsCount(); i++) {
                attribute.setGraphs(i, of(attribute.getGraphs(i)));
            }
        }
        return node.build();
    }
}
