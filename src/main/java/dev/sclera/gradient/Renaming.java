package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.function.UnaryOperator;

/**
 * Gives nodes and their values other names, those in the graphs that they hold included.
 *
 * @param name the new name of a value
 * @param prefix what the names of nodes get in front, for they too have to differ
 */
record Renaming(UnaryOperator<String> name, String prefix) {

    NodeProto of(NodeProto node) {
        NodeProto.Builder renamed = Subgraphs.map(node, this::of).toBuilder();
        if (!node.getName().isEmpty()) {
            renamed.setName(prefix + node.getName());
        }
        for (int i = 0; i < node.getInputCount(); i++) {
            renamed.setInput(i, one(node.getInput(i)));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            renamed.setOutput(i, one(node.getOutput(i)));
        }
        return renamed.build();
    }

    private GraphProto of(GraphProto graph) {
        GraphProto.Builder renamed = graph.toBuilder().clearValueInfo();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            renamed.setNode(i, of(graph.getNode(i)));
        }
        for (TensorProto.Builder weight : renamed.getInitializerBuilderList()) {
            weight.setName(one(weight.getName()));
        }
        for (SparseTensorProto.Builder weight : renamed.getSparseInitializerBuilderList()) {
            weight.getValuesBuilder().setName(one(weight.getValues().getName()));
        }
        for (ValueInfoProto.Builder input : renamed.getInputBuilderList()) {
            input.setName(one(input.getName()));
        }
        for (ValueInfoProto.Builder output : renamed.getOutputBuilderList()) {
            output.setName(one(output.getName()));
        }
        return renamed.build();
    }

    /** An absent value stays absent. */
    private String one(String value) {
        return value.isEmpty() ? value : name.apply(value);
    }
}
