package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of what one graph makes and another takes, float32. The one may call it another shape of as many values
 * than the other, so that nothing is copied for a shape alone.
 */
final class OutputMemory implements AutoCloseable {

    private final Map<String, FloatBuffer> buffers = new HashMap<>();
    private final Map<String, OnnxTensor> taken = new HashMap<>();
    private final List<OnnxTensor> made = new ArrayList<>();

    /** Memory of a graph's outputs, which are taken in the shapes that it declares. */
    static OutputMemory of(ModelProto model) throws OrtException {
        OutputMemory memory = new OutputMemory();
        try {
            for (ValueInfoProto output : model.getGraph().getOutputList()) {
                long[] shape = OnnxFile.shape(output).stream()
                        .mapToLong(Dimension::getDimValue)
                        .toArray();
                int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
                memory.buffers.put(output.getName(), AlignedMemory.floats(size));
                memory.taken.put(output.getName(), memory.tensor(output.getName(), shape));
            }
        } catch (OrtException | RuntimeException e) {
            memory.close();
            throw e;
        }
        return memory;
    }

    private OnnxTensor tensor(String output, long[] shape) throws OrtException {
        OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffers.get(output), shape);
        made.add(tensor);
        return tensor;
    }

    /** By name, what is made, as whoever takes it wants it. */
    Map<String, OnnxTensor> taken() {
        return taken;
    }

    /**
     * By name, where it goes.
     *
     * @param shapes of outputs, in which they are made; of others too
     */
    Map<String, OnnxTensor> targets(Map<String, long[]> shapes) throws OrtException {
        Map<String, OnnxTensor> targets = new HashMap<>();
        for (Map.Entry<String, long[]> output : shapes.entrySet()) {
            if (buffers.containsKey(output.getKey())) {
                targets.put(output.getKey(), tensor(output.getKey(), output.getValue()));
            }
        }
        return targets;
    }

    @Override
    public void close() {
        made.forEach(OnnxTensor::close);
    }
}
