package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A forward graph with its batch size fixed, constants folded, and the shape of every tensor known.
 *
 * <p>ONNX Runtime itself does the folding (its basic optimisations keep to standard operators): subgraphs that compute
 * shapes disappear, batch normalisation goes into the convolutions, dropout and identities go away. It also infers the
 * shapes, each tensor being made an output for that.
 *
 * @param model the folded model
 * @param shapes the shape of every tensor of the graph
 */
record StaticGraph(ModelProto model, Map<String, long[]> shapes) {

    /** Before it, Pad, Slice and Clip take attributes where they later take inputs. */
    private static final long OLDEST_OPSET = 11;

    private static final Set<String> STANDARD = Set.of("", "ai.onnx");

    static StaticGraph of(ModelProto model, int batch) {
        return of(model, batch, Set.of());
    }

    /** @param whole inputs that are no batches, and keep their shape: parameters that are trained */
    static StaticGraph of(ModelProto model, int batch, Set<String> whole) {
        long opset = opset(model);
        if (opset < OLDEST_OPSET) {
            throw new UnsupportedGraphException(
                    "The model is of opset %d, and gradients are derived from opset %d on. Export it anew, or convert it with onnx.version_converter."
                            .formatted(opset, OLDEST_OPSET));
        }
        ModelProto folded = fold(withBatch(model, batch, whole));
        folded = PlanarWindows.of(onlyStandardDomains(folded));
        return new StaticGraph(folded, shapes(folded));
    }

    /** The graph with nodes put in, and the shapes of the tensors that they make. */
    StaticGraph with(ModelProto changed, Map<String, long[]> more) {
        Map<String, long[]> all = new HashMap<>(shapes);
        all.putAll(more);
        return new StaticGraph(changed, all);
    }

    /** The version of the standard operators that a model is written in. */
    static long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(opset -> STANDARD.contains(opset.getDomain()))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(0);
    }

    /** Fixes the first dimension of every input, and forgets what was declared of all that follows from it. */
    private static ModelProto withBatch(ModelProto model, int batch, Set<String> whole) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
        Set<String> weights = new HashSet<>(whole);
        graph.getInitializerList().forEach(weight -> weights.add(weight.getName()));
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            if (!weights.contains(input.getName())) {
                input.getTypeBuilder()
                        .getTensorTypeBuilder()
                        .getShapeBuilder()
                        .getDimBuilder(0)
                        .clear()
                        .setDimValue(batch);
                requireStatic(input);
            }
        }
        for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
            output.getTypeBuilder().getTensorTypeBuilder().clearShape();
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static void requireStatic(ValueInfoProto.Builder input) {
        for (Dimension dimension : input.getType().getTensorType().getShape().getDimList()) {
            if (dimension.getDimValue() <= 0) {
                throw new UnsupportedGraphException(
                        "The input \"%s\" leaves its dimension \"%s\" open; only the batch, which is the first, may be. Fix the others."
                                .formatted(input.getName(), dimension.getDimParam()));
            }
        }
    }

    private static ModelProto fold(ModelProto model) {
        Path file = null;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            file = Files.createTempFile("sclera-folded", ".onnx");
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            options.setOptimizedModelFilePath(file.toString());
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OrtEnvironment.getEnvironment()
                    .createSession(model.toByteArray(), options)
                    .close();
            return ModelProto.parseFrom(Files.readAllBytes(file));
        } catch (OrtException e) {
            throw new UnsupportedGraphException("ONNX Runtime refuses the graph: %s".formatted(e.getMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folded graph could not be written to a temporary file and read back", e);
        } finally {
            delete(file);
        }
    }

    static void delete(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file " + file + " could not be deleted", e);
        }
    }

    private static ModelProto onlyStandardDomains(ModelProto model) {
        List<String> foreign = model.getGraph().getNodeList().stream()
                .filter(node -> !STANDARD.contains(node.getDomain()))
                .map(node -> "%s.%s (node \"%s\")".formatted(node.getDomain(), node.getOpType(), node.getName()))
                .toList();
        if (!foreign.isEmpty()) {
            throw new UnsupportedGraphException(
                    "These operators are not standard ones: %s. Export the model with standard operators."
                            .formatted(String.join(", ", foreign)));
        }
        List<OperatorSetIdProto> standard = model.getOpsetImportList().stream()
                .filter(opset -> STANDARD.contains(opset.getDomain()))
                .toList();
        return model.toBuilder().clearOpsetImport().addAllOpsetImport(standard).build();
    }

    /** The shape of every tensor of a graph. */
    static Map<String, long[]> shapes(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        Set<String> declared = graph.getOutputList().stream()
                .map(ValueInfoProto::getName)
                .collect(Collectors.toCollection(HashSet::new));
        for (NodeProto node : model.getGraph().getNodeList()) {
            for (String output : node.getOutputList()) {
                if (!output.isEmpty() && declared.add(output)) {
                    graph.addOutput(
                            ValueInfoProto.newBuilder().setName(output).setType(TypeProto.getDefaultInstance()));
                }
            }
        }
        Map<String, long[]> shapes = new HashMap<>();
        byte[] bytes = model.toBuilder().setGraph(graph).build().toByteArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(bytes, options)) {
                session.getInputInfo().forEach((name, info) -> put(shapes, name, info));
                session.getOutputInfo().forEach((name, info) -> put(shapes, name, info));
            }
        } catch (OrtException e) {
            throw new UnsupportedGraphException("ONNX Runtime refuses the graph: %s".formatted(e.getMessage()), e);
        }
        for (TensorProto weight : model.getGraph().getInitializerList()) {
            shapes.put(weight.getName(), Tensors.shape(weight));
        }
        return shapes;
    }

    private static void put(Map<String, long[]> shapes, String name, NodeInfo info) {
        if (info.getInfo() instanceof TensorInfo tensor) {
            shapes.put(name, tensor.getShape());
        }
    }
}
