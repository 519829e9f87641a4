package dev.sclera.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;

/**
 * How far apart two computations of one tensor are.
 *
 * @param largest the largest magnitude that was expected
 * @param difference the largest difference; NaN where either is not finite
 * @param length of what was expected, as a vector
 * @param distance from it
 */
record Closeness(double largest, double difference, double length, double distance) {

    static Closeness of(float[] expected, float[] actual) {
        double largest = Float.MIN_NORMAL;
        double difference = 0;
        double squares = Float.MIN_NORMAL;
        double differences = 0;
        for (int i = 0; i < expected.length; i++) {
            double apart = (double) expected[i] - actual[i];
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(apart));
            squares += (double) expected[i] * expected[i];
            differences += apart * apart;
        }
        return new Closeness(largest, difference, Math.sqrt(squares), Math.sqrt(differences));
    }

    /** Of one output of two sessions. */
    static Closeness of(OrtSession.Result expected, OrtSession.Result actual, String output) {
        return of((OnnxTensor) expected.get(output).orElseThrow(), (OnnxTensor)
                actual.get(output).orElseThrow());
    }

    /** Of two tensors. */
    static Closeness of(OnnxTensor expected, OnnxTensor actual) {
        return of(floats(expected), floats(actual));
    }

    private static float[] floats(OnnxTensor tensor) {
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** The largest difference, relative to the largest magnitude. */
    double error() {
        return difference / largest;
    }

    /** The distance, relative to the length. */
    double relativeDistance() {
        return distance / length;
    }
}
