package dev.sclera.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sclera.problem.UnusableInputException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An uploaded ONNX file whose structure has been checked: it is untrusted input until then. Nothing of it is run here.
 *
 * @param name what the user calls the model, for errors
 * @param proto the parsed file
 */
record OnnxFile(String name, ModelProto proto) {

    /** The graphs that Sclera derives hold the weights more than once, and protobuf ends at 2 GiB. */
    private static final long LARGEST = 1L << 30;

    private static final Set<String> KNOWN_DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

    /** Parses and checks the bytes of a file. */
    static OnnxFile parse(String name, byte[] bytes) {
        if (bytes.length == 0) {
            throw unusable(name, "the file is empty");
        }
        requireSize(name, bytes.length);
        ModelProto proto;
        try {
            proto = ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UnusableInputException(
                    "model",
                    ("The model \"%s\" is not a complete ONNX file: its %d bytes cannot be read as one (%s). Export it"
                                    + " again, and check that the copy is complete.")
                            .formatted(name, bytes.length, e.getMessage()),
                    e);
        }
        OnnxFile file = new OnnxFile(name, proto);
        file.check();
        return file;
    }

    /** Refuses a file that is too large to be worth reading. */
    static void requireSize(String name, long bytes) {
        if (bytes > LARGEST) {
            throw unusable(name, "it has %d bytes, and at most %d are allowed".formatted(bytes, LARGEST));
        }
    }

    private void check() {
        GraphProto graph = proto.getGraph();
        if (graph.getNodeCount() == 0 || proto.getOpsetImportCount() == 0) {
            throw unusable(name, "it is not an ONNX file, or holds no graph");
        }
        requireWeightsWithin(graph);
        proto.getFunctionsList().forEach(function -> function.getNodeList().forEach(this::requireWeightsWithin));
        Set<String> local =
                proto.getFunctionsList().stream().map(FunctionProto::getDomain).collect(Collectors.toUnmodifiableSet());
        for (NodeProto node : graph.getNodeList()) {
            if (!KNOWN_DOMAINS.contains(node.getDomain()) && !local.contains(node.getDomain())) {
                throw unusable(
                        name,
                        "its node \"%s\" is the operator %s.%s, which is not a standard one; export it with standard ones"
                                .formatted(node.getName(), node.getDomain(), node.getOpType()));
            }
        }
    }

    /** Wherever a tensor stands: one that names a file would have the runtime read that file of ours. */
    private void requireWeightsWithin(GraphProto graph) {
        graph.getInitializerList().forEach(this::requireWithin);
        graph.getSparseInitializerList().forEach(this::requireWithin);
        graph.getNodeList().forEach(this::requireWeightsWithin);
    }

    private void requireWeightsWithin(NodeProto node) {
        for (AttributeProto attribute : node.getAttributeList()) {
            requireWithin(attribute.getT());
            attribute.getTensorsList().forEach(this::requireWithin);
            requireWithin(attribute.getSparseTensor());
            attribute.getSparseTensorsList().forEach(this::requireWithin);
            if (attribute.hasG()) {
                requireWeightsWithin(attribute.getG());
            }
            attribute.getGraphsList().forEach(this::requireWeightsWithin);
        }
    }

    private void requireWithin(SparseTensorProto weight) {
        requireWithin(weight.getValues());
        requireWithin(weight.getIndices());
    }

    private void requireWithin(TensorProto weight) {
        if (weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL || weight.getExternalDataCount() > 0) {
            throw unusable(
                    name,
                    ("the weight \"%s\" lies in a separate file; save the model as one file"
                                    + " (onnx.save_model(…, save_as_external_data=False))")
                            .formatted(weight.getName()));
        }
    }

    /** The graph's one image input: what is fed, initializers aside. */
    ValueInfoProto input() {
        Set<String> weights = proto.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toUnmodifiableSet());
        List<ValueInfoProto> fed = proto.getGraph().getInputList().stream()
                .filter(input -> !weights.contains(input.getName()))
                .toList();
        if (fed.size() != 1) {
            throw unusable(
                    name,
                    "it has %d inputs (%s), and a grader has one: the images"
                            .formatted(
                                    fed.size(),
                                    fed.stream().map(ValueInfoProto::getName).collect(Collectors.joining(", "))));
        }
        ValueInfoProto input = fed.get(0);
        if (shape(input).size() != 4) {
            throw unusable(
                    name,
                    "its input \"%s\" has the shape %s, and images have four dimensions"
                            .formatted(input.getName(), text(input)));
        }
        if (input.getType().getTensorType().getElemType() != TensorProto.DataType.FLOAT_VALUE) {
            throw unusable(
                    name,
                    "its input \"%s\" holds %s, and Sclera feeds 32-bit floats: export the model with such an input"
                            .formatted(
                                    input.getName(),
                                    TensorProto.DataType.forNumber(
                                            input.getType().getTensorType().getElemType())));
        }
        return input;
    }

    /** The outputs, as declared. */
    List<ValueInfoProto> outputs() {
        return proto.getGraph().getOutputList();
    }

    /** The declared dimensions of a value. */
    static List<Dimension> shape(ValueInfoProto value) {
        return value.getType().getTensorType().getShape().getDimList();
    }

    /** A shape as a person reads it, for example {@code [batch, 3, 224, 224]}. */
    static String text(ValueInfoProto value) {
        return shape(value).stream()
                .map(dimension -> dimension.hasDimValue()
                        ? Long.toString(dimension.getDimValue())
                        : dimension.getDimParam().isEmpty() ? "?" : dimension.getDimParam())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** What is said of a model that cannot be used. */
    static UnusableInputException unusable(String name, String why) {
        return new UnusableInputException("model", "The model \"%s\" cannot be used: %s.".formatted(name, why));
    }
}
