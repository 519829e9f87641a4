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
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * How many channels ONNX Runtime puts into a block on this processor: 16 with AVX-512, 8 with less, none where it has
 * no blocked kernels. It does not say, so it is made to block a convolution of one output channel, and shows by the
 * channels that it fills up to.
 */
public final class BlockSize {

    private BlockSize() {}

    /** The channels of a block; empty where the runtime does not block. */
    public static OptionalInt detect() {
        Path file = null;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            file = Files.createTempFile("sclera-block", ".onnx");
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setOptimizedModelFilePath(file.toString());
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OrtEnvironment.getEnvironment()
                    .createSession(probe().toByteArray(), options)
                    .close();
            ModelProto optimised = ModelProto.parseFrom(Files.readAllBytes(file));
            return optimised.getGraph().getNodeList().stream()
                    .filter(node -> node.getDomain().equals(BlockedGraph.DOMAIN))
                    .filter(node -> node.getOpType().equals("Conv"))
                    .mapToInt(node -> channels(optimised, node.getInput(1)))
                    .findFirst();
        } catch (OrtException e) {
            return OptionalInt.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a probe of the runtime could not be written to a temporary file", e);
        } finally {
            Folding.delete(file);
        }
    }

    private static int channels(ModelProto model, String weight) {
        return model.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals(weight))
                .mapToInt(tensor -> (int) tensor.getDims(0))
                .findFirst()
                .orElseThrow();
    }

    private static ModelProto probe() {
        GraphProto graph = GraphProto.newBuilder()
                .setName("probe")
                .addInput(value("x", 1, 1, 2, 2))
                .addOutput(value("y", 1, 1, 2, 2))
                .addInitializer(Tensors.of("w", new float[] {1}, 1, 1, 1, 1))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Conv")
                        .addInput("x")
                        .addInput("w")
                        .addOutput("y"))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build();
    }

    private static ValueInfoProto value(String name, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long dimension : shape) {
            dimensions.addDim(Dimension.newBuilder().setDimValue(dimension));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .setShape(dimensions)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
