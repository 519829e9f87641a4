package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Computes what does not depend on the input once and for all. ONNX Runtime does it (its basic optimisations keep to
 * standard operators): subgraphs that compute shapes disappear, an If whose condition is known becomes its branch,
 * batch normalisation goes into the convolutions, dropout and identities go away, and functions of the standard for
 * which it has no kernel are put in their place.
 *
 * <p>The file is untrusted, and a short one can ask for a large constant: all that is computed here holds
 * {@value #LARGEST} bytes at most, and what would be larger stays a node.
 */
final class Folding {

    private static final long LARGEST = 1L << 32;

    private Folding() {}

    /**
     * The model with constants folded.
     *
     * @throws UnsupportedGraphException where ONNX Runtime refuses the graph
     */
    static ModelProto of(ModelProto model) {
        Path file = null;
        try (OrtSession.SessionOptions options = options(OrtSession.SessionOptions.OptLevel.BASIC_OPT)) {
            file = Files.createTempFile("sclera-folded", ".onnx");
            options.setOptimizedModelFilePath(file.toString());
            options.addConfigEntry(
                    "optimization.constant_folding_max_output_size_in_bytes",
                    Long.toString(LARGEST / (1 + constantOutputs(model))));
            OrtEnvironment.getEnvironment()
                    .createSession(model.toByteArray(), options)
                    .close();
            return ModelProto.parseFrom(Files.readAllBytes(file));
        } catch (OrtException e) {
            throw refused(e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folded graph could not be written to a temporary file and read back", e);
        } finally {
            delete(file);
        }
    }

    /** The options of a session that looks at a graph, and runs nothing. */
    static OrtSession.SessionOptions options(OrtSession.SessionOptions.OptLevel level) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(level);
        options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        // quantised weights are constants like others, and quantisation stays visible
        options.addConfigEntry("session.disable_quant_qdq", "1");
        options.setIntraOpNumThreads(1);
        return options;
    }

    static UnsupportedGraphException refused(OrtException e) {
        return new UnsupportedGraphException("ONNX Runtime refuses the graph: %s".formatted(e.getMessage()), e);
    }

    /** How many tensors may turn out to be constants: those that follow from weights and from shapes. */
    private static long constantOutputs(ModelProto model) {
        Set<String> varying = new HashSet<>();
        model.getGraph().getInputList().stream().map(ValueInfoProto::getName).forEach(varying::add);
        model.getGraph().getInitializerList().stream().map(TensorProto::getName).forEach(varying::remove);
        long constants = 0;
        for (NodeProto node : model.getGraph().getNodeList()) {
            boolean shape = node.getOpType().equals("Shape") || node.getOpType().equals("Size");
            if (!shape && node.getInputList().stream().anyMatch(varying::contains)) {
                varying.addAll(node.getOutputList());
                varying.remove("");
            } else {
                constants += node.getOutputCount();
            }
        }
        return constants;
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
}
