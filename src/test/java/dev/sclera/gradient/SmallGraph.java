package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
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
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A graph of a node or two with the output {@code y}, whose derived gradients are held against central differences of a
 * random linear functional of {@code y}.
 */
final class SmallGraph {

    private static final String OUTPUT = "y";
    private static final String SLOPE = "slope";

    private final long opset;
    private final List<NodeProto> nodes;
    private final List<Operand> operands = new ArrayList<>();
    private final List<TensorProto> constants = new ArrayList<>();

    private SmallGraph(long opset, List<NodeProto> nodes) {
        this.opset = opset;
        this.nodes = nodes;
    }

    /** A tensor of floats with respect to which is differentiated. */
    private record Operand(String name, long[] shape, double[] values) {}

    /** What is differentiated: the value of y, in float64, at values of the operands. */
    @FunctionalInterface
    interface Forward {
        double[] at(double[][] operands) throws OrtException;
    }

    static SmallGraph of(long opset, NodeProto... nodes) {
        return new SmallGraph(opset, List.of(nodes));
    }

    static NodeProto node(String operator, List<String> inputs, AttributeProto... attributes) {
        return node(operator, inputs, List.of(OUTPUT), attributes);
    }

    static NodeProto node(String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName("the " + operator)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes))
                .build();
    }

    SmallGraph operand(String name, double[] values, long... shape) {
        operands.add(new Operand(name, shape, values));
        return this;
    }

    SmallGraph longs(String name, long[] values, long... shape) {
        constants.add(Tensors.of(name, values, shape));
        return this;
    }

    SmallGraph longs(String name, long... values) {
        return longs(name, values, values.length);
    }

    SmallGraph floats(String name, float... values) {
        constants.add(Tensors.of(name, values, values.length));
        return this;
    }

    SmallGraph scalar(String name, float value) {
        constants.add(Tensors.of(name, new float[] {value}));
        return this;
    }

    SmallGraph booleans(String name, boolean[] values, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.BOOL_VALUE);
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        for (boolean value : values) {
            tensor.addInt32Data(value ? 1 : 0);
        }
        constants.add(tensor.build());
        return this;
    }

    /** A tensor of floats that is not differentiated. */
    SmallGraph fixed(String name, double[] values, long... shape) {
        constants.add(Tensors.of(name, floats(values), shape));
        return this;
    }

    /** The graph as the runtime computes it in float64. */
    Forward inDoubles() throws OrtException {
        return runtime(TensorProto.DataType.DOUBLE_VALUE);
    }

    /** The graph as the runtime computes it in float32: for linear operators, whose differences need no small step. */
    Forward inFloats() throws OrtException {
        return runtime(TensorProto.DataType.FLOAT_VALUE);
    }

    private Forward runtime(int type) throws OrtException {
        OrtSession session = OrtEnvironment.getEnvironment()
                .createSession(
                        model(type, operands, List.of()).toByteArray(),
                        options(OrtSession.SessionOptions.OptLevel.NO_OPT));
        return values -> {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            for (int i = 0; i < values.length; i++) {
                inputs.put(
                        operands.get(i).name(),
                        tensor(type, values[i], operands.get(i).shape()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return values((OnnxTensor) result.get(0));
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        };
    }

    private static double[] values(OnnxTensor tensor) {
        if (tensor.getInfo().onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE) {
            double[] values = new double[tensor.getDoubleBuffer().remaining()];
            tensor.getDoubleBuffer().get(values);
            return values;
        }
        FloatBuffer floats = tensor.getFloatBuffer();
        double[] values = new double[floats.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats.get(i);
        }
        return values;
    }

    /**
     * Holds the gradient with respect to every operand, at every level of optimisation, the other operands being
     * constants and inputs, against central differences.
     *
     * @param tolerance relative to the gradient's largest magnitude
     */
    void agreesWithDifferences(Forward forward, double step, double tolerance) throws OrtException {
        double[][] at = operands.stream().map(Operand::values).toArray(double[][]::new);
        double[] slope = between(-1, 1, 17, forward.at(at).length);
        for (int operand = 0; operand < at.length; operand++) {
            double[] expected = differences(forward, at, operand, slope, step);
            String name = operands.get(operand).name();
            for (boolean inputs : new boolean[] {false, true}) {
                for (OrtSession.SessionOptions.OptLevel level : List.of(
                        OrtSession.SessionOptions.OptLevel.NO_OPT, OrtSession.SessionOptions.OptLevel.ALL_OPT)) {
                    assertClose(
                            gradient(name, slope, inputs, level),
                            expected,
                            tolerance,
                            "%s with respect to %s at %s, the others %s"
                                    .formatted(nodes.get(0), name, level, inputs ? "inputs" : "constants"));
                }
            }
        }
    }

    private static double[] differences(Forward forward, double[][] at, int operand, double[] slope, double step)
            throws OrtException {
        double[] differences = new double[at[operand].length];
        double[][] moved = at.clone();
        for (int i = 0; i < differences.length; i++) {
            moved[operand] = at[operand].clone();
            moved[operand][i] += step;
            double[] above = forward.at(moved);
            moved[operand][i] -= 2 * step;
            double[] below = forward.at(moved);
            for (int j = 0; j < slope.length; j++) {
                differences[i] += slope[j] * (above[j] - below[j]) / (2 * step);
            }
        }
        return differences;
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = 1e-3;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s, at %d", what, i)
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(tolerance * largest));
        }
    }

    /** The gradient of the sum of y. */
    double[] gradient(String operand) throws OrtException {
        double[] ones = new double
                [Tensors.size(shapes(model(operands, List.of()), operands).get(OUTPUT))];
        java.util.Arrays.fill(ones, 1);
        return gradient(operand, ones, false, OrtSession.SessionOptions.OptLevel.ALL_OPT);
    }

    private double[] gradient(
            String operand, double[] slope, boolean othersInputs, OrtSession.SessionOptions.OptLevel level)
            throws OrtException {
        List<Operand> inputs = operands.stream()
                .filter(other -> othersInputs || other.name().equals(operand))
                .toList();
        List<Operand> fixed =
                operands.stream().filter(other -> !inputs.contains(other)).toList();
        ModelProto model = PlanarWindows.of(model(inputs, fixed));
        Map<String, long[]> shapes = shapes(model, inputs);
        ModelProto derived = derived(model, shapes, operand);
        Map<String, OnnxTensor> values = new HashMap<>();
        try (OrtSession session =
                OrtEnvironment.getEnvironment().createSession(derived.toByteArray(), options(level))) {
            for (Operand input : inputs) {
                values.put(input.name(), tensor(TensorProto.DataType.FLOAT_VALUE, input.values(), input.shape()));
            }
            values.put(SLOPE, tensor(TensorProto.DataType.FLOAT_VALUE, slope, shapes.get(OUTPUT)));
            try (OrtSession.Result result = session.run(values)) {
                OnnxTensor gradient = (OnnxTensor) result.get(0);
                assertThat(gradient.getInfo().getShape()).isEqualTo(shapes.get(operand));
                return values(gradient);
            }
        } finally {
            values.values().forEach(OnnxTensor::close);
        }
    }

    private ModelProto derived(ModelProto model, Map<String, long[]> shapes, String operand) {
        StaticGraph forward = new StaticGraph(model, new TensorTypes(shapes, shapes.keySet()));
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode().clearOutput();
        BackwardPass pass = new BackwardPass(forward, new GraphBuilder(graph, opset), Set.of(operand));
        String gradient = pass.run(OUTPUT, SLOPE, operand);
        List<NodeProto> backward = graph.getNodeList();
        graph.clearNode().addAllNode(pass.model().getGraph().getNodeList()).addAllNode(backward);
        graph.addNode(node("Identity", List.of(gradient), List.of("gradient")).toBuilder()
                .setName("result"));
        graph.addInput(value(SLOPE, TensorProto.DataType.FLOAT_VALUE, shapes.get(OUTPUT)));
        graph.addOutput(value("gradient", TensorProto.DataType.FLOAT_VALUE, shapes.get(operand)));
        return model.toBuilder().setGraph(graph).build();
    }

    private ModelProto model(List<Operand> inputs, List<Operand> fixed) {
        return model(TensorProto.DataType.FLOAT_VALUE, inputs, fixed);
    }

    private ModelProto model(int type, List<Operand> inputs, List<Operand> fixed) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("small").addAllNode(nodes);
        for (TensorProto constant : constants) {
            boolean floats = constant.getDataType() == TensorProto.DataType.FLOAT_VALUE;
            graph.addInitializer(floats && type == TensorProto.DataType.DOUBLE_VALUE ? doubles(constant) : constant);
        }
        for (Operand input : inputs) {
            graph.addInput(value(input.name(), type, input.shape()));
        }
        for (Operand constant : fixed) {
            graph.addInitializer(Tensors.of(constant.name(), floats(constant.values()), constant.shape()));
        }
        graph.addOutput(ValueInfoProto.newBuilder().setName(OUTPUT).setType(TypeProto.getDefaultInstance()));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph)
                .build();
    }

    private static TensorProto doubles(TensorProto floats) {
        float[] values = Tensors.floats(floats);
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putDouble(value);
        }
        return floats.toBuilder()
                .setDataType(TensorProto.DataType.DOUBLE_VALUE)
                .setRawData(ByteString.copyFrom(bytes.flip()))
                .build();
    }

    /** The shape of every tensor as the runtime makes it; what it infers is wrong for some pooling with ceil_mode. */
    private static Map<String, long[]> shapes(ModelProto model, List<Operand> fed) throws OrtException {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearOutput();
        for (NodeProto node : model.getGraph().getNodeList()) {
            for (String output : node.getOutputList()) {
                graph.addOutput(ValueInfoProto.newBuilder().setName(output).setType(TypeProto.getDefaultInstance()));
            }
        }
        Map<String, long[]> shapes = new HashMap<>();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        byte[] bytes = model.toBuilder().setGraph(graph).build().toByteArray();
        try (OrtSession session = OrtEnvironment.getEnvironment()
                .createSession(bytes, options(OrtSession.SessionOptions.OptLevel.NO_OPT))) {
            for (Operand operand : fed) {
                inputs.put(operand.name(), tensor(TensorProto.DataType.FLOAT_VALUE, operand.values(), operand.shape()));
                shapes.put(operand.name(), operand.shape());
            }
            try (OrtSession.Result result = session.run(inputs)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    shapes.put(
                            output.getKey(),
                            ((OnnxTensor) output.getValue()).getInfo().getShape());
                }
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
        for (TensorProto constant : model.getGraph().getInitializerList()) {
            shapes.put(constant.getName(), Tensors.shape(constant));
        }
        return shapes;
    }

    private static OrtSession.SessionOptions options(OrtSession.SessionOptions.OptLevel level) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(level);
        options.setIntraOpNumThreads(1);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        return options;
    }

    private static OnnxTensor tensor(int type, double[] values, long[] shape) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        return type == TensorProto.DataType.DOUBLE_VALUE
                ? OnnxTensor.createTensor(environment, DoubleBuffer.wrap(values), shape)
                : OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats(values)), shape);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static ValueInfoProto value(String name, int type, long[] shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long dimension : shape) {
            dimensions.addDim(Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(dimensions)))
                .build();
    }

    /** Seeded numbers that float32 holds exactly. */
    static double[] between(double low, double high, long seed, int count) {
        Random random = new Random(seed);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (low + (high - low) * random.nextDouble());
        }
        return numbers;
    }

    /** Seeded numbers for a tensor of a shape, between −2 and 2. */
    static double[] numbers(long seed, long... shape) {
        return between(-2, 2, seed, Tensors.size(shape));
    }

    /**
     * Seeded eighths between −2 and 2: sums of their products are exact in float32, so that what a linear operator
     * makes of them is, too, and its differences are those of float64.
     */
    static double[] eighths(long seed, long... shape) {
        Random random = new Random(seed);
        double[] numbers = new double[Tensors.size(shape)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (random.nextInt(33) - 16) / 8.0;
        }
        return numbers;
    }

    /** Seeded numbers no two of which are nearer than a tenth. */
    static double[] distinct(long seed, long... shape) {
        List<Integer> order = new ArrayList<>();
        int size = Tensors.size(shape);
        for (int i = 0; i < size; i++) {
            order.add(i);
        }
        java.util.Collections.shuffle(order, new Random(seed));
        return order.stream()
                .mapToDouble(place -> (float) (0.1 * (place - size / 2)))
                .toArray();
    }
}
