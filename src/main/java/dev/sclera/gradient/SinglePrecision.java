package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Map;
import java.util.Set;

/**
 * A model of half (float16, bfloat16) or double precision as one of single precision: its weights keep their values,
 * and what is computed from them is computed in float32. That is more exact than half precision, whose kernels the
 * runtime lacks on the CPU for the most part, and it is the precision of all gradients.
 */
public final class SinglePrecision {

    private static final int SINGLE = TensorProto.DataType.FLOAT_VALUE;

    private static final Set<Integer> OTHERS = Set.of(
            TensorProto.DataType.FLOAT16_VALUE, TensorProto.DataType.BFLOAT16_VALUE, TensorProto.DataType.DOUBLE_VALUE);

    /** The attributes that name the type of an output; of DequantizeLinear it may be half. */
    private static final Map<String, Set<String>> TYPE_ATTRIBUTES = Map.of(
            "Cast", Set.of("to"),
            "EyeLike", Set.of("dtype"),
            "RandomNormal", Set.of("dtype"),
            "RandomUniform", Set.of("dtype"),
            "RandomNormalLike", Set.of("dtype"),
            "RandomUniformLike", Set.of("dtype"),
            "DequantizeLinear", Set.of("output_dtype"),
            "LayerNormalization", Set.of("stash_type"),
            "GroupNormalization", Set.of("stash_type"),
            "RMSNormalization", Set.of("stash_type"));

    private SinglePrecision() {}

    /** Whether these are floats of another precision; a {@link TensorProto.DataType}'s number. */
    public static boolean converts(int type) {
        return OTHERS.contains(type);
    }

    /**
     * The model in single precision; itself where it is so already.
     *
     * @throws UnsupportedGraphException where its own functions cannot be resolved
     */
    public static ModelProto of(ModelProto model) {
        ModelProto flat = FunctionInlining.of(model);
        GraphProto converted = of(flat.getGraph());
        return converted.equals(flat.getGraph())
                ? model
                : flat.toBuilder().setGraph(converted).build();
    }

    private static GraphProto of(GraphProto graph) {
        GraphProto.Builder converted = graph.toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            if (converts(graph.getInitializer(i).getDataType())) {
                converted.setInitializer(i, of(graph.getInitializer(i)));
            }
        }
        converted.getInputBuilderList().forEach(SinglePrecision::retype);
        converted.getOutputBuilderList().forEach(SinglePrecision::retype);
        converted.getValueInfoBuilderList().forEach(SinglePrecision::retype);
        for (int i = 0; i < graph.getNodeCount(); i++) {
            converted.setNode(i, of(graph.getNode(i)));
        }
        return converted.build();
    }

    private static void retype(ValueInfoProto.Builder value) {
        if (converts(value.getType().getTensorType().getElemType())) {
            value.getTypeBuilder().getTensorTypeBuilder().setElemType(SINGLE);
        }
    }

    private static NodeProto of(NodeProto node) {
        NodeProto.Builder converted = Subgraphs.map(node, SinglePrecision::of).toBuilder();
        Set<String> types = TYPE_ATTRIBUTES.getOrDefault(node.getOpType(), Set.of());
        for (AttributeProto.Builder attribute : converted.getAttributeBuilderList()) {
            if (attribute.hasT() && converts(attribute.getT().getDataType())) {
                attribute.setT(of(attribute.getT()));
            }
            if (types.contains(attribute.getName()) && converts((int) attribute.getI())) {
                attribute.setI(SINGLE);
            }
        }
        return converted.build();
    }

    private static TensorProto of(TensorProto tensor) {
        return Tensors.of(tensor.getName(), Tensors.singles(tensor), Tensors.shape(tensor));
    }
}
