package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The memory of one micro-batch under way: its images, and the gradients that come of it. For one thread at a time. */
final class TrainingLane implements AutoCloseable {

    private final int batch;
    private final float[] image;
    private final FloatBuffer pixels;
    private final LongBuffer labels;
    private final FloatBuffer weights;
    private final Map<String, OnnxTensor> inputs;
    private final VariableBuffers made;
    private final Map<String, OnnxTensor> outputs;
    private final FloatBuffer slopes;
    private int from;

    /**
     * A lane.
     *
     * @param made what a run makes
     * @param imageSlopes whether the graph tells those too
     */
    TrainingLane(List<Variable> made, int height, int width, int batch, boolean imageSlopes) throws OrtException {
        this.batch = batch;
        image = new float[height * width * 3];
        pixels = AlignedMemory.floats(batch * image.length);
        labels = AlignedMemory.longs(batch);
        weights = AlignedMemory.floats(batch);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        inputs = Map.of(
                PreprocessedGraph.IMAGES,
                OnnxTensor.createTensor(environment, pixels, new long[] {batch, height, width, 3}),
                GradientGraph.LABELS,
                OnnxTensor.createTensor(environment, labels, new long[] {batch}),
                TrainingGraph.WEIGHTS,
                OnnxTensor.createTensor(environment, weights, new long[] {batch}));
        this.made = new VariableBuffers(made);
        outputs = new HashMap<>(this.made.outputs());
        slopes = AlignedMemory.floats(imageSlopes ? batch * image.length : 0);
        if (imageSlopes) {
            outputs.put(
                    TrainingGraph.IMAGE_SLOPES,
                    OnnxTensor.createTensor(environment, slopes, new long[] {batch, height, width, 3}));
        }
    }

    /**
     * What the last run made: gradients, not yet in order, loss and weight of its images, and running statistics where
     * they follow.
     */
    VariableBuffers made() {
        return made;
    }

    /**
     * Tells the slopes of the last run's images, in their order; nothing where the graph has none.
     *
     * @param reader of place in the whole batch and slopes
     */
    void tellSlopes(TrainingSession.ImageSlopes reader) {
        int length = image.length;
        for (int slot = 0; slot < slopes.capacity() / length; slot++) {
            slopes.get(slot * length, image);
            reader.of(from + slot, image);
        }
    }

    /**
     * Runs the images from a place of a batch on.
     *
     * @param read the variables that the graph reads
     */
    void run(StepSession session, TrainingSession.Batch whole, int start, List<VariableBuffers> read)
            throws OrtException {
        from = start;
        for (int slot = 0; slot < batch; slot++) {
            whole.source().fill(from + slot, image);
            pixels.put(slot * image.length, image);
            labels.put(slot, whole.labels()[from + slot]);
            weights.put(slot, whole.weights()[from + slot]);
        }
        Map<String, OnnxTensor> fed = new HashMap<>(inputs);
        read.forEach(variables -> fed.putAll(variables.inputs()));
        session.run(fed, outputs);
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        outputs.keySet().removeAll(made.outputs().keySet());
        outputs.values().forEach(OnnxTensor::close);
        made.close();
    }
}
