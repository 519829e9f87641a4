package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a resize does along one axis, as a matrix. ONNX's definition of it has so many modes, with roundings in float32,
 * that the runtime is asked: it resizes unit vectors, by the same node with all other axes of length 1.
 *
 * @param node the resize
 * @param opset it is written in
 * @param x the shape of its input
 * @param y the shape of its output
 * @param scales of every axis; empty where the node gives sizes
 * @param regions the starts and ends of every axis; empty where nothing is cropped
 */
record ResizeMatrix(NodeProto node, long opset, long[] x, long[] y, float[] scales, float[] regions) {

    private static final Set<String> KEPT = Set.of(
            "mode", "coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a", "exclude_outside", "antialias");

    /** Whether the node does anything along an axis. */
    boolean resizes(int axis) {
        boolean scaled = scales.length > 0 && scales[axis] != 1;
        boolean cropped = regions.length > 0 && (regions[axis] != 0 || regions[x.length + axis] != 1);
        return x[axis] != y[axis] || scaled || cropped;
    }

    /** The transposed matrix, {@code [x[axis], y[axis]]}: row i is what becomes of a 1 at place i. */
    float[] transposed(int axis) {
        int inputs = (int) x[axis];
        int outputs = (int) y[axis];
        float[] matrix = new float[inputs * outputs];
        long[] shape = new long[x.length];
        Arrays.fill(shape, 1);
        shape[axis] = inputs;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(alone(axis, shape).toByteArray())) {
            for (int i = 0; i < inputs; i++) {
                float[] unit = new float[inputs];
                unit[i] = 1;
                try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(unit), shape);
                        OrtSession.Result result = session.run(Map.of("x", tensor))) {
                    ((OnnxTensor) result.get(0)).getFloatBuffer().get(matrix, i * outputs, outputs);
                }
            }
        } catch (OrtException e) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (Resize) resizes its axis %d in a way that the runtime does not do for that axis alone, and its gradient is not known: %s. Resize with mode \"linear\" or \"nearest\"."
                            .formatted(node.getName(), axis, e.getMessage()),
                    e);
        }
        return matrix;
    }

    private ModelProto alone(int axis, long[] shape) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("resize");
        NodeProto.Builder resize = NodeProto.newBuilder()
                .setOpType("Resize")
                .addAllInput(List.of("x", "roi", ""))
                .addOutput("y")
                .addAllAttribute(node.getAttributeList().stream()
                        .filter(attribute -> KEPT.contains(attribute.getName()))
                        .toList());
        float[] roi = new float[2 * shape.length];
        Arrays.fill(roi, shape.length, roi.length, 1);
        if (regions.length > 0) {
            roi[axis] = regions[axis];
            roi[shape.length + axis] = regions[shape.length + axis];
            // what lies outside is a constant, which has no slope
            resize.addAttribute(Attributes.of("extrapolation_value", 0f));
        }
        graph.addInitializer(Tensors.of("roi", roi, roi.length));
        if (scales.length > 0) {
            float[] one = new float[shape.length];
            Arrays.fill(one, 1);
            one[axis] = scales[axis];
            graph.addInitializer(Tensors.of("scales", one, one.length));
            resize.setInput(2, "scales");
        } else {
            long[] sizes = shape.clone();
            sizes[axis] = y[axis];
            graph.addInitializer(Tensors.of("sizes", sizes, sizes.length));
            resize.addInput("sizes");
        }
        graph.addNode(resize)
                .addInput(value("x", shape))
                .addOutput(ValueInfoProto.newBuilder().setName("y").setType(type(TypeProto.Tensor.newBuilder())));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph)
                .build();
    }

    private static ValueInfoProto value(String name, long[] shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long dimension : shape) {
            dimensions.addDim(Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(type(TypeProto.Tensor.newBuilder().setShape(dimensions)))
                .build();
    }

    private static TypeProto type(TypeProto.Tensor.Builder tensor) {
        return TypeProto.newBuilder()
                .setTensorType(tensor.setElemType(TensorProto.DataType.FLOAT_VALUE))
                .build();
    }
}
