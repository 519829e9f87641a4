package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sclera.gradient.FeatureGraph;
import dev.sclera.problem.UnusableInputException;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * One activation of a model for one image.
 *
 * @param tensor its name in the model
 * @param shape of it, the image's batch of 1 included
 * @param values row by row
 */
public record Feature(String tensor, long[] shape, float[] values) {

    /**
     * The first feature of a graph, of an image {@code [h,w,3]}.
     *
     * @param model the model's name, for the error's sake
     * @throws UnusableInputException where the runtime fails
     */
    static Feature of(String model, FeatureGraph graph, int height, int width, float[] image) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        String tensor = graph.features().get(0);
        long[] pixels = {1, height, width, 3};
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(graph.bytes(), options);
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(image), pixels);
                OrtSession.Result result = session.run(Map.of(PreprocessedGraph.IMAGES, input))) {
            OnnxTensor output = (OnnxTensor) result.get(tensor).orElseThrow();
            float[] values = new float[output.getFloatBuffer().remaining()];
            output.getFloatBuffer().get(values);
            return new Feature(tensor, output.getInfo().getShape(), values);
        } catch (OrtException e) {
            throw new UnusableInputException(
                    "model",
                    "The features of the model \"%s\" cannot be computed. %s".formatted(model, e.getMessage()),
                    e);
        }
    }

    /**
     * The Gram matrix of an activation {@code [1,c,h,w]}: the products of its channels, summed over all places,
     * {@code [c,c]}.
     */
    public float[] gram() {
        int channels = (int) shape[1];
        int places = values.length / channels;
        float[] gram = new float[channels * channels];
        for (int one = 0; one < channels; one++) {
            for (int other = 0; other <= one; other++) {
                double sum = 0;
                for (int place = 0; place < places; place++) {
                    sum += (double) values[one * places + place] * values[other * places + place];
                }
                gram[one * channels + other] = (float) sum;
                gram[other * channels + one] = (float) sum;
            }
        }
        return gram;
    }
}
