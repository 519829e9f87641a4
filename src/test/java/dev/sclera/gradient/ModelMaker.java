package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.SplittableRandom;

/** Writes small ONNX graphs for tests: one input {@code x}, and as its output what is asked for. */
final class ModelMaker {

    private final long opset;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
    private final ModelProto.Builder model = ModelProto.newBuilder();

    ModelMaker(long opset) {
        this.opset = opset;
        model.setIrVersion(opset < 9 ? 3 : 8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
    }

    /** The input; a dimension of 0 is left open under the name {@code open<axis>}. */
    ModelMaker input(long... shape) {
        return typedInput(TensorProto.DataType.FLOAT_VALUE, shape);
    }

    ModelMaker typedInput(int type, long... shape) {
        graph.addInput(value("x", type, shape));
        return this;
    }

    ModelMaker weight(TensorProto tensor) {
        graph.addInitializer(tensor);
        if (opset < 9) {
            // before IR version 4 every initializer was an input as well
            graph.addInput(value(
                    tensor.getName(),
                    tensor.getDataType(),
                    tensor.getDimsList().stream().mapToLong(Long::longValue).toArray()));
        }
        return this;
    }

    /** Weights between −1 and 1. */
    ModelMaker random(String name, long seed, long... shape) {
        return weight(Tensors.of(name, uniform(seed, Tensors.size(shape)), shape));
    }

    ModelMaker node(String operator, List<String> inputs, String output, AttributeProto... attributes) {
        return node(made(operator, inputs, output, attributes));
    }

    ModelMaker node(NodeProto node) {
        graph.addNode(node);
        return this;
    }

    ModelMaker function(FunctionProto function) {
        model.addFunctions(function);
        model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(function.getDomain()).setVersion(1));
        return this;
    }

    ModelProto output(String name) {
        graph.addOutput(ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE))));
        return model.setGraph(graph).build();
    }

    static NodeProto made(String operator, List<String> inputs, String output, AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(operator + "_" + output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes))
                .build();
    }

    static AttributeProto graph(String name, GraphProto graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }

    static AttributeProto floats(String name, float... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (float value : values) {
            attribute.addFloats(value);
        }
        return attribute.build();
    }

    static TensorProto bool(String name, boolean value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.BOOL_VALUE)
                .addInt32Data(value ? 1 : 0)
                .build();
    }

    static TensorProto bytes(String name, int type, int[] values, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
        for (long length : shape) {
            tensor.addDims(length);
        }
        for (int value : values) {
            tensor.addInt32Data(value);
        }
        return tensor.build();
    }

    static ValueInfoProto value(String name, int type, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < shape.length; axis++) {
            dimensions.addDim(
                    shape[axis] > 0
                            ? Dimension.newBuilder().setDimValue(shape[axis])
                            : Dimension.newBuilder().setDimParam("open" + axis));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(dimensions)))
                .build();
    }

    static float[] uniform(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }
}
