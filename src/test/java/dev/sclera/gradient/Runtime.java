package dev.sclera.gradient;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Runs a graph in ONNX Runtime on tensors, and gives its outputs as tensors. */
final class Runtime implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    Runtime(ModelProto model, OptLevel level) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            session = environment.createSession(model.toByteArray(), options);
        }
    }

    /** Channels of a block of the runtime's blocked layout; a test that needs one is skipped where there is none. */
    static int block() {
        OptionalInt block = BlockSize.detect();
        assumeTrue(block.isPresent(), "the runtime has no blocked layout on this processor");
        return block.getAsInt();
    }

    static Map<String, float[]> run(ModelProto model, OptLevel level, Map<String, TensorProto> inputs)
            throws OrtException {
        try (Runtime runtime = new Runtime(model, level)) {
            return runtime.floats(inputs);
        }
    }

    static Map<String, TensorProto> tensors(ModelProto model, OptLevel level, Map<String, TensorProto> inputs)
            throws OrtException {
        try (Runtime runtime = new Runtime(model, level)) {
            return runtime.run(inputs);
        }
    }

    /** The outputs that are float32. */
    Map<String, float[]> floats(Map<String, TensorProto> inputs) throws OrtException {
        Map<String, float[]> values = new HashMap<>();
        run(inputs).forEach((name, tensor) -> {
            if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
                values.put(name, Tensors.floats(tensor));
            }
        });
        return values;
    }

    Map<String, TensorProto> run(Map<String, TensorProto> inputs) throws OrtException {
        Map<String, OnnxTensor> fed = new HashMap<>();
        try {
            for (Map.Entry<String, TensorProto> input : inputs.entrySet()) {
                if (session.getInputNames().contains(input.getKey())) {
                    fed.put(input.getKey(), tensor(input.getValue()));
                }
            }
            try (OrtSession.Result result = session.run(fed)) {
                Map<String, TensorProto> outputs = new HashMap<>();
                for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
                    outputs.put(output.getKey(), proto(output.getKey(), (OnnxTensor) output.getValue()));
                }
                return outputs;
            }
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(TensorProto proto) throws OrtException {
        long[] shape = Tensors.shape(proto);
        return proto.getDataType() == TensorProto.DataType.INT64_VALUE
                ? OnnxTensor.createTensor(environment, LongBuffer.wrap(Tensors.longs(proto)), shape)
                : OnnxTensor.createTensor(environment, FloatBuffer.wrap(Tensors.floats(proto)), shape);
    }

    private static TensorProto proto(String name, OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        if (tensor.getInfo().type == ai.onnxruntime.OnnxJavaType.INT64) {
            LongBuffer buffer = tensor.getLongBuffer();
            long[] values = new long[buffer.remaining()];
            buffer.get(values);
            return Tensors.of(name, values, shape);
        }
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return Tensors.of(name, values, shape);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
