package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** Runs a model on one input of floats, and on labels where it takes them. */
record Session(OrtSession session) implements AutoCloseable {

    static Session of(ModelProto model, OptLevel level) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            return new Session(OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options));
        }
    }

    /** All outputs that are floats. */
    Map<String, float[]> run(String input, float[] values, long[] shape, long... labels) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> feed = new HashMap<>();
        feed.put(input, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
        if (labels.length > 0) {
            feed.put(
                    GradientGraph.LABELS,
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(labels), new long[] {labels.length}));
        }
        Map<String, float[]> outputs = new HashMap<>();
        try (OrtSession.Result result = session.run(feed)) {
            result.forEach(entry -> {
                FloatBuffer buffer = ((OnnxTensor) entry.getValue()).getFloatBuffer();
                float[] copy = new float[buffer.remaining()];
                buffer.get(copy);
                outputs.put(entry.getKey(), copy);
            });
        } finally {
            feed.values().forEach(OnnxTensor::close);
        }
        return outputs;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
