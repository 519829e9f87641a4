package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The shape of every tensor of a graph, and which of them hold floats. ONNX Runtime infers them, each tensor being made
 * an output for that; nothing is computed.
 *
 * @param shapes by tensor; a dimension that does not follow from the graph is below 1, and so is one of length 0
 * @param floats the tensors of float32
 */
record TensorTypes(Map<String, long[]> shapes, Set<String> floats) {

    /** Weights with more values than this tell shapes nothing. */
    private static final int LARGEST_OF_SHAPES = 4096;

    /**
     * Infers the types of a graph's tensors.
     *
     * @throws UnsupportedGraphException where ONNX Runtime refuses the graph
     */
    static TensorTypes of(ModelProto model) {
        Map<String, long[]> shapes = new HashMap<>();
        Set<String> floats = new HashSet<>();
        byte[] bytes =
                model.toBuilder().setGraph(allOutputs(model.getGraph())).build().toByteArray();
        try (OrtSession.SessionOptions options = Folding.options(OrtSession.SessionOptions.OptLevel.NO_OPT);
                OrtSession session = OrtEnvironment.getEnvironment().createSession(bytes, options)) {
            session.getInputInfo().forEach((name, info) -> put(name, info, shapes, floats));
            session.getOutputInfo().forEach((name, info) -> put(name, info, shapes, floats));
        } catch (OrtException e) {
            throw Folding.refused(e);
        }
        for (TensorProto weight : model.getGraph().getInitializerList()) {
            shapes.put(weight.getName(), Tensors.shape(weight));
            if (weight.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                floats.add(weight.getName());
            }
        }
        return new TensorTypes(shapes, floats);
    }

    /** These types, and the shapes of further tensors of float32. */
    TensorTypes with(Map<String, long[]> more) {
        Map<String, long[]> all = new HashMap<>(shapes);
        all.putAll(more);
        Set<String> allFloats = new HashSet<>(floats);
        allFloats.addAll(more.keySet());
        return new TensorTypes(all, allFloats);
    }

    /** The shape of a tensor, where all of it follows from the graph. */
    Optional<long[]> shape(String tensor) {
        return Optional.ofNullable(shapes.get(tensor)).filter(TensorTypes::known);
    }

    private static boolean known(long[] shape) {
        for (long dimension : shape) {
            if (dimension < 0) {
                return false;
            }
        }
        return true;
    }

    private static GraphProto allOutputs(GraphProto graph) {
        GraphProto.Builder asking = graph.toBuilder().clearInitializer();
        Set<String> asked = graph.getOutputList().stream()
                .map(ValueInfoProto::getName)
                .collect(Collectors.toCollection(HashSet::new));
        for (NodeProto node : graph.getNodeList()) {
            for (String output : node.getOutputList()) {
                if (!output.isEmpty() && asked.add(output)) {
                    asking.addOutput(
                            ValueInfoProto.newBuilder().setName(output).setType(TypeProto.getDefaultInstance()));
                }
            }
        }
        for (TensorProto weight : graph.getInitializerList()) {
            // what is large is declared and not given: a session would copy it
            if (weight.getSerializedSize() > LARGEST_OF_SHAPES && !asked.contains(weight.getName())) {
                asking.addInput(declared(weight));
            } else {
                asking.addInitializer(weight);
            }
        }
        return asking.build();
    }

    private static ValueInfoProto declared(TensorProto weight) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        weight.getDimsList()
                .forEach(length -> shape.addDim(Dimension.newBuilder().setDimValue(length)));
        return ValueInfoProto.newBuilder()
                .setName(weight.getName())
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(weight.getDataType())
                                .setShape(shape)))
                .build();
    }

    private static void put(String name, NodeInfo info, Map<String, long[]> shapes, Set<String> floats) {
        if (info.getInfo() instanceof TensorInfo tensor) {
            shapes.put(name, tensor.getShape());
            if (tensor.type == OnnxJavaType.FLOAT) {
                floats.add(name);
            }
        }
    }
}
