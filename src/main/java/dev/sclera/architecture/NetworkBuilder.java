package dev.sclera.architecture;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;

/** Writes a convolutional network as ONNX; its weights are zeros until {@link FreshWeights} draws them. */
final class NetworkBuilder {

    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;

    private final GraphProto.Builder graph;

    NetworkBuilder(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** The input, {@code [n,3,size,size]}. */
    String images(int size) {
        graph.addInput(value("images", 3, size, size));
        return "images";
    }

    /** Adds a node, and gives the name of its output. */
    String add(String operator, String name, String... inputs) {
        return add(operator, name, List.of(inputs));
    }

    private String add(String operator, String name, List<String> inputs, AttributeProto... attributes) {
        String output = name + "/" + operator;
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
        return output;
    }

    /**
     * Adds a convolution without a bias, a batch normalisation, and a rectifier.
     *
     * @param rectified whether there is a rectifier
     */
    String convolution(String name, String input, int from, int to, int kernel, int stride, boolean rectified) {
        return convolution(name, input, new long[] {to, from, kernel, kernel}, stride, 1, rectified);
    }

    /** Adds a 3×3 convolution of each channel by itself, a batch normalisation, and a rectifier. */
    String depthwise(String name, String input, int channels, int stride) {
        return convolution(name, input, new long[] {channels, 1, 3, 3}, stride, channels, true);
    }

    private String convolution(String name, String input, long[] shape, int stride, int groups, boolean rectified) {
        weight(name + ".weight", 0, shape);
        long pad = shape[2] / 2;
        String convolved = add(
                "Conv",
                name,
                List.of(input, name + ".weight"),
                ints("kernel_shape", shape[2], shape[3]),
                ints("strides", stride, stride),
                ints("pads", pad, pad, pad, pad),
                integer("group", groups));
        weight(name + ".scale", 1, shape[0]);
        weight(name + ".bias", 0, shape[0]);
        weight(name + ".mean", 0, shape[0]);
        weight(name + ".variance", 1, shape[0]);
        String normalised = add(
                "BatchNormalization",
                name,
                convolved,
                name + ".scale",
                name + ".bias",
                name + ".mean",
                name + ".variance");
        return rectified ? add("Relu", name, normalised) : normalised;
    }

    /** Adds the last layer, whose output is the network's: {@code logits [n,classes]}. */
    void head(String features, int from, int classes) {
        weight("head.weight", 0, classes, from);
        weight("head.bias", 0, classes);
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Gemm")
                .setName("head/Gemm")
                .addAllInput(List.of(features, "head.weight", "head.bias"))
                .addOutput("logits")
                .addAttribute(integer("transB", 1)));
        graph.addOutput(value("logits", classes));
    }

    ModelProto build() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("sclera")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build();
    }

    private void weight(String name, float fill, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(values, fill);
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        Arrays.stream(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(Floats.bytes(values))));
    }

    /** A value whose first dimension, the batch, is open. */
    private static ValueInfoProto value(String name, long... rest) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        for (long length : rest) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(length));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
