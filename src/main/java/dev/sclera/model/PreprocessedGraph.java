package dev.sclera.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.sclera.dataset.ResizeWeights;
import dev.sclera.gradient.PaddedMaximum;
import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A grader's graph with its preprocessing in front: what is fed is {@link #IMAGES}, float32 {@code [n,H,W,3]}, RGB in
 * {@code [0,1]} at the dataset's canonical resolution. So one perturbation in pixel space serves models of every input
 * size, and gradients are taken through the preprocessing.
 *
 * <p>Of several outputs only the descriptor's remains. Resizing is bilinear and antialiased: two constant matrices,
 * hence linear, hence its gradient is exact.
 */
final class PreprocessedGraph {

    private static final String PREFIX = "preprocessing/";

    /** The name of the graph's input; with a prefix, for models have tensors named {@code images} of their own. */
    static final String IMAGES = PREFIX + "images";

    private PreprocessedGraph() {}

    /**
     * Puts the preprocessing in front of a model.
     *
     * @param model the grader
     * @param descriptor how it is fed
     * @param height rows of the canonical images
     * @param width columns of the canonical images
     */
    static ModelProto of(ModelProto model, ModelDescriptor descriptor, int height, int width) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        long batch = batch(model, descriptor);
        List<NodeProto> nodes = new ArrayList<>();
        String pixels = add(nodes, "Transpose", "planes", List.of(IMAGES), ints("perm", 0, 3, 1, 2));
        if (height != descriptor.height()) {
            graph.addInitializer(
                    floats("rows", ResizeWeights.matrix(height, descriptor.height()), descriptor.height(), height));
            pixels = add(nodes, "MatMul", "resized_rows", List.of(PREFIX + "rows", pixels));
        }
        if (width != descriptor.width()) {
            float[] weights = transpose(ResizeWeights.matrix(width, descriptor.width()), descriptor.width(), width);
            graph.addInitializer(floats("columns", weights, width, descriptor.width()));
            pixels = add(nodes, "MatMul", "resized_columns", List.of(pixels, PREFIX + "columns"));
        }
        graph.addInitializer(floats("mixing", mixing(descriptor), 3, 3, 1, 1));
        graph.addInitializer(floats("offset", offset(descriptor), 3));
        pixels = add(
                nodes,
                "Conv",
                "normalised",
                List.of(pixels, PREFIX + "mixing", PREFIX + "offset"),
                ints("kernel_shape", 1, 1));
        if (descriptor.layout() == Layout.NHWC) {
            add(nodes, "Transpose", "channels_last", List.of(pixels), ints("perm", 0, 2, 3, 1));
        }
        // the last of these nodes takes the place of the model's input
        NodeProto last = nodes.remove(nodes.size() - 1);
        nodes.add(last.toBuilder().setOutput(0, descriptor.input()).build());

        List<NodeProto> modelNodes = graph.getNodeList();
        graph.clearNode().addAllNode(nodes).addAllNode(modelNodes);
        List<ValueInfoProto> others = graph.getInputList().stream()
                .filter(input -> !input.getName().equals(descriptor.input()))
                .toList();
        graph.clearInput().addInput(images(batch, height, width)).addAllInput(others);
        List<ValueInfoProto> asked = graph.getOutputList().stream()
                .filter(output -> output.getName().equals(descriptor.output()))
                .toList();
        graph.clearOutput().addAllOutput(asked);
        return PaddedMaximum.guarded(model.toBuilder().setGraph(graph).build());
    }

    /** The batch size that the model insists on, or 0 where it takes any. */
    static long batch(ModelProto model, ModelDescriptor descriptor) {
        return model.getGraph().getInputList().stream()
                .filter(input -> input.getName().equals(descriptor.input()))
                .mapToLong(input -> OnnxFile.shape(input).get(0).getDimValue())
                .findFirst()
                .orElse(0);
    }

    private static String add(
            List<NodeProto> nodes, String operator, String output, List<String> inputs, AttributeProto... attributes) {
        nodes.add(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(PREFIX + output + "/" + operator)
                .addAllInput(inputs)
                .addOutput(PREFIX + output)
                .addAllAttribute(List.of(attributes))
                .build());
        return PREFIX + output;
    }

    /** Scale, standard deviation and channel order as one 1×1 convolution. */
    private static float[] mixing(ModelDescriptor descriptor) {
        float[] weights = new float[9];
        for (int channel = 0; channel < 3; channel++) {
            int source = descriptor.channels() == Channels.RGB ? channel : 2 - channel;
            weights[channel * 3 + source] =
                    (float) (descriptor.scale() / descriptor.std().get(channel));
        }
        return weights;
    }

    private static float[] offset(ModelDescriptor descriptor) {
        float[] offset = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            offset[channel] =
                    (float) (-descriptor.mean().get(channel) / descriptor.std().get(channel));
        }
        return offset;
    }

    private static float[] transpose(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    private static TensorProto floats(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(PREFIX + name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .setRawData(ByteString.copyFrom(bytes));
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        return tensor.build();
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private static ValueInfoProto images(long batch, int height, int width) {
        Dimension.Builder first = Dimension.newBuilder();
        if (batch > 0) {
            first.setDimValue(batch);
        } else {
            first.setDimParam("batch");
        }
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(first)
                .addDim(Dimension.newBuilder().setDimValue(height))
                .addDim(Dimension.newBuilder().setDimValue(width))
                .addDim(Dimension.newBuilder().setDimValue(3))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(IMAGES)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }
}
