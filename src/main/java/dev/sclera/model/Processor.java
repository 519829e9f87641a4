package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.sclera.problem.InvalidValueException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions run on. A CUDA device is found by running a graph on it: the runtime tells of no device before that.
 */
enum Processor {
    /** The CPU. */
    CPU,
    /** The first CUDA device. */
    CUDA;

    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

    /**
     * Finds what is asked for.
     *
     * @throws InvalidValueException where it is CUDA, and there is no device, or this build does not have it
     */
    static Processor find(Compute wanted) {
        if (wanted == Compute.CPU) {
            return CPU;
        }
        Grader.openRuntime();
        String missing = missing();
        if (missing == null) {
            LOG.info("Graphs run on the first CUDA device.");
            return CUDA;
        }
        if (wanted == Compute.CUDA) {
            throw new InvalidValueException(
                    "sclera.compute", "cuda", "auto or cpu, for there is no CUDA device to use: " + missing);
        }
        if (built()) {
            LOG.info("Graphs run on the CPU, for there is no CUDA device to use: {}", missing);
        }
        return CPU;
    }

    private static boolean built() {
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }

    /** Why there is no CUDA device; null where there is one. */
    private static @Nullable String missing() {
        if (!built()) {
            return "this build of ONNX Runtime has no CUDA. Build Sclera with -Pcuda";
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            CUDA.addTo(options);
            OrtEnvironment.getEnvironment()
                    .createSession(probe().toByteArray(), options)
                    .close();
            return null;
        } catch (OrtException e) {
            return requireNonNull(e.getMessage()).lines().findFirst().orElse("");
        }
    }

    private static ModelProto probe() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("probe")
                        .addInput(scalar("x"))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Neg")
                                .addInput("x")
                                .addOutput("y"))
                        .addOutput(scalar("y")))
                .build();
    }

    private static ValueInfoProto scalar(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(TensorShapeProto.getDefaultInstance())))
                .build();
    }

    /**
     * Options of a session that computes gradients.
     *
     * @param threads of one call on the CPU
     */
    OrtSession.SessionOptions options(int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            addTo(options);
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    private void addTo(OrtSession.SessionOptions options) throws OrtException {
        if (this == CPU) {
            return;
        }
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
            // the same job has to end with the same bytes: no algorithm chosen by a race, and all digits of a float
            cuda.add("cudnn_conv_algo_search", "DEFAULT");
            cuda.add("use_tf32", "0");
            options.addCUDA(cuda);
        }
        options.setDeterministicCompute(true);
    }

    /** What DJL calls it. */
    Device device() {
        return this == CPU ? Device.cpu() : Device.gpu(0);
    }
}
