package dev.sclera.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Small graders for tests, made on the spot: convolution, ReLU, global average, one linear layer. They know nothing of
 * eyes, but they are whole ONNX files that run, and have gradients.
 */
public final class TinyGrader {

    private static final int FEATURES = 8;

    private final SplittableRandom random;
    private int size = 16;
    private int classes = 5;
    private boolean channelsLast;
    private boolean softmax;
    private Long batch;

    private TinyGrader(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A grader with weights of its own. */
    public static TinyGrader seeded(long seed) {
        return new TinyGrader(seed);
    }

    /** Takes images of {@code size×size}; 0 leaves it open. */
    public TinyGrader size(int pixels) {
        this.size = pixels;
        return this;
    }

    /** Tells so many classes apart. */
    public TinyGrader classes(int count) {
        this.classes = count;
        return this;
    }

    /** Takes {@code [n,h,w,3]}, as Keras' models do. */
    public TinyGrader channelsLast() {
        this.channelsLast = true;
        return this;
    }

    /** Ends in a softmax. */
    public TinyGrader softmax() {
        this.softmax = true;
        return this;
    }

    /** Insists on a batch size. */
    public TinyGrader batch(long images) {
        this.batch = images;
        return this;
    }

    /** The ONNX file. */
    public byte[] onnx() {
        return proto().toByteArray();
    }

    ModelProto proto() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");
        graph.addInput(channelsLast ? value("input", -1, size, size, 3) : value("input", -1, 3, size, size));
        String features = "input";
        if (channelsLast) {
            graph.addNode(node("Transpose", "nchw", List.of(features)).addAttribute(ints("perm", 0, 3, 1, 2)));
            features = "nchw";
        }
        graph.addInitializer(weights("conv.weight", 1.0, FEATURES, 3, 3, 3))
                .addInitializer(weights("conv.bias", 0.2, FEATURES))
                .addInitializer(weights("fc.weight", 2.0, classes, FEATURES))
                .addInitializer(weights("fc.bias", 0.1, classes));
        graph.addNode(node("Conv", "conv", List.of(features, "conv.weight", "conv.bias"))
                .addAttribute(ints("kernel_shape", 3, 3))
                .addAttribute(ints("strides", 2, 2))
                .addAttribute(ints("pads", 1, 1, 1, 1)));
        graph.addNode(node("Relu", "relu", List.of("conv")));
        graph.addNode(node("GlobalAveragePool", "pooled", List.of("relu")));
        graph.addNode(node("Flatten", "flat", List.of("pooled")));
        graph.addNode(node("Gemm", "logits", List.of("flat", "fc.weight", "fc.bias"))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("transB")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)));
        String output = "logits";
        if (softmax) {
            output = "probabilities";
            graph.addNode(node("Softmax", output, List.of("logits")));
        }
        graph.addOutput(value(output, -1, classes));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(13))
                .setGraph(graph)
                .build();
    }

    private ValueInfoProto value(String name, long... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dimension : dimensions) {
            TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
            if (dimension == -1 && batch != null) {
                one.setDimValue(batch);
            } else if (dimension <= 0) {
                one.setDimParam(dimension == -1 ? "batch" : "side");
            } else {
                one.setDimValue(dimension);
            }
            shape.addDim(one);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private static NodeProto.Builder node(String operator, String output, List<String> inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output);
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private TensorProto weights(String name, double spread, long... dimensions) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        long count = 1;
        for (long dimension : dimensions) {
            tensor.addDims(dimension);
            count *= dimension;
        }
        for (long i = 0; i < count; i++) {
            tensor.addFloatData((float) (spread * (2 * random.nextDouble() - 1)));
        }
        return tensor.build();
    }
}
