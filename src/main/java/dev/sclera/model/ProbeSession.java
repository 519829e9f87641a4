package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sclera.gradient.GradientGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A graph that is tried out on inputs of a specimen's shape; what the runtime refuses is the model's fault. */
final class ProbeSession implements AutoCloseable {

    private final Specimen specimen;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    ProbeSession(Specimen specimen, ModelProto graph, OptLevel level) {
        this.specimen = specimen;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            session = environment.createSession(graph.toByteArray(), options);
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /** The scores of a batch, {@code [n,classes]}. */
    float[] scores(String output, float[] images) {
        return run(output, images, new long[specimen.batch()], true);
    }

    /** The gradient of each image's loss, of the images' shape. */
    float[] gradient(float[] images, long[] labels) {
        return run(GradientGraph.GRADIENT, images, labels, false);
    }

    private float[] run(String output, float[] images, long[] labels, boolean scores) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put(
                    specimen.input(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), specimen.shape()));
            if (session.getInputNames().contains(GradientGraph.LABELS)) {
                inputs.put(
                        GradientGraph.LABELS,
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(labels), new long[] {labels.length}));
            }
            try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
                OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
                if (scores) {
                    requireScores(tensor.getInfo().getShape());
                }
                FloatBuffer buffer = tensor.getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                return values;
            }
        } catch (OrtException e) {
            throw refused(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private void requireScores(long[] shape) {
        boolean fits = shape.length == 2
                && shape[0] == specimen.batch()
                && (specimen.classes() == 0 || shape[1] == specimen.classes());
        if (!fits) {
            throw OnnxFile.unusable(
                    specimen.name(),
                    "its output \"%s\" has the shape %s, and [%d, %s] is expected"
                            .formatted(
                                    specimen.output(),
                                    Arrays.toString(shape),
                                    specimen.batch(),
                                    specimen.classes() == 0 ? "classes" : specimen.classes()));
        }
    }

    private RuntimeException refused(OrtException e) {
        return OnnxFile.unusable(specimen.name(), "ONNX Runtime refuses it (" + e.getMessage() + ")");
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw refused(e);
        }
    }
}
