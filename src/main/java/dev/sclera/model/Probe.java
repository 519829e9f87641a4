package dev.sclera.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Inputs to compare two graphs on: seeded images of uniform noise, with labels. */
final class Probe implements AutoCloseable {

    private final Map<String, OnnxTensor> inputs = new HashMap<>();

    /** @param given inputs of the session that are no part of the probe */
    Probe(OrtSession session, Set<String> given, long seed) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Random random = new Random(seed);
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
            if (given.contains(input.getKey())) {
                continue;
            }
            TensorInfo info = (TensorInfo) input.getValue().getInfo();
            long[] shape = info.getShape();
            inputs.put(
                    input.getKey(),
                    info.type == OnnxJavaType.INT64
                            ? OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[size(shape)]), shape)
                            : OnnxTensor.createTensor(
                                    environment, FloatBuffer.wrap(uniform(size(shape), random)), shape));
        }
    }

    /**
     * Has one image of the batch count, and no other.
     *
     * @param weights the input that says how much each counts
     * @param image its place; where the batch is smaller, counting begins anew
     */
    void countOne(String weights, int image) throws OrtException {
        OnnxTensor former = inputs.get(weights);
        float[] counts = new float[Math.toIntExact(former.getInfo().getShape()[0])];
        counts[image % counts.length] = 1;
        inputs.put(
                weights,
                OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(),
                        FloatBuffer.wrap(counts),
                        former.getInfo().getShape()));
        former.close();
    }

    private static int size(long[] shape) {
        int size = 1;
        for (long length : shape) {
            size = Math.multiplyExact(size, (int) length);
        }
        return size;
    }

    private static float[] uniform(int size, Random random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
    }
}
