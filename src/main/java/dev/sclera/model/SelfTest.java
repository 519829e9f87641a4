package dev.sclera.model;

import ai.djl.engine.Engine;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.UnsupportedGraphException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves, before a model is taken, that the runtime grades as its graph says: the output with all optimisations is that
 * without any, and the gradient graph's logits are the same again. A fusion that is wrong changes grades in silence:
 * ONNX Runtime 1.19.0 to 1.20.0 misgraded Inception v3 by one.
 */
final class SelfTest {

    private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);

    /** Of the largest score: sums in another order differ by far less, a wrong operator by far more. */
    private static final double TOLERANCE = 1e-3;

    /** Where activations have 8 or 16 bits, a sum in another order may be rounded to the neighbouring step. */
    private static final double COARSE_TOLERANCE = 5e-2;

    private static final int IMAGES = 3;

    private final String name;
    private final ModelProto preprocessed;
    private final ModelDescriptor descriptor;
    private final int batch;

    SelfTest(String name, ModelProto model, ModelDescriptor descriptor) {
        this.name = name;
        this.descriptor = descriptor;
        this.preprocessed = PreprocessedGraph.of(model, descriptor, descriptor.height(), descriptor.width());
        long insisted = PreprocessedGraph.batch(model, descriptor);
        this.batch = insisted > 0 ? Math.toIntExact(insisted) : IMAGES;
    }

    /**
     * Runs the test.
     *
     * @throws dev.sclera.problem.UnusableInputException where the runtime refuses the model, or its answers differ
     */
    void run() {
        // DJL insists on opening ONNX Runtime itself; whoever comes first must not shut it out
        Engine.getEngine(Grader.ENGINE);
        float[] plain = scores(preprocessed, OptLevel.NO_OPT, descriptor.output(), false);
        float[] optimised = scores(preprocessed, OptLevel.ALL_OPT, descriptor.output(), false);
        compare(plain, optimised, "with all of ONNX Runtime's optimisations");
        GradientGraph graph;
        try {
            graph = GradientGraph.derive(
                    preprocessed,
                    GradientGraph.Output.valueOf(descriptor.outputKind().name()),
                    batch,
                    new Loss.CrossEntropy());
        } catch (UnsupportedGraphException e) {
            LOG.warn(
                    "The model \"{}\" can be graded and evaluated, but not attacked with gradients. {}",
                    name,
                    e.getMessage());
            return;
        }
        float[] logits = scores(graph.model(), OptLevel.ALL_OPT, GradientGraph.LOGITS, true);
        compare(plain, asOutput(logits), "in the gradient graph");
    }

    /** What the model's output is for the gradient graph's logits, which of probabilities are the logarithms. */
    float[] asOutput(float[] logits) {
        if (descriptor.outputKind() == ModelDescriptor.OutputKind.LOGITS) {
            return logits;
        }
        float[] probabilities = new float[logits.length];
        int grades = descriptor.grades();
        for (int row = 0; row < logits.length; row += grades) {
            double[] exact = Grade.of(Arrays.copyOfRange(logits, row, row + grades), ModelDescriptor.OutputKind.LOGITS)
                    .probabilities();
            for (int i = 0; i < grades; i++) {
                probabilities[row + i] = (float) exact[i];
            }
        }
        return probabilities;
    }

    /** Refuses scores that are not those of the graph as it is written. */
    void compare(float[] plain, float[] other, String where) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < plain.length; i++) {
            if (!Float.isFinite(plain[i]) || !Float.isFinite(other[i])) {
                throw OnnxFile.unusable(
                        name,
                        "its output \"%s\" holds %s on an ordinary image %s, which is no score"
                                .formatted(descriptor.output(), Float.isFinite(plain[i]) ? other[i] : plain[i], where));
            }
            largest = Math.max(largest, Math.abs(plain[i]));
            difference = Math.max(difference, Math.abs(plain[i] - other[i]));
        }
        double tolerance = coarse() ? COARSE_TOLERANCE : TOLERANCE;
        if (difference > tolerance * Math.max(largest, 1e-6)) {
            throw OnnxFile.unusable(
                    name,
                    ("its scores, up to %.4g, differ by %.4g %s from those of the graph as it is written; what it would"
                                    + " be graded by is not certain. Export it anew, with another exporter or opset")
                            .formatted(largest, difference, where));
        }
    }

    private boolean coarse() {
        return preprocessed.getGraph().getNodeList().stream()
                .anyMatch(node -> isQuantised(node.getOpType()) || castsToHalf(node));
    }

    private static boolean isQuantised(String operator) {
        return operator.equals("QuantizeLinear") || operator.startsWith("QLinear") || operator.endsWith("Integer");
    }

    private static boolean castsToHalf(NodeProto node) {
        return node.getOpType().equals("Cast")
                && node.getAttributeList().stream()
                        .anyMatch(attribute -> attribute.getName().equals("to")
                                && (attribute.getI() == TensorProto.DataType.FLOAT16_VALUE
                                        || attribute.getI() == TensorProto.DataType.BFLOAT16_VALUE));
    }

    private float[] scores(ModelProto graph, OptLevel level, String output, boolean labelled) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = environment.createSession(graph.toByteArray(), options);
                    OnnxTensor images = OnnxTensor.createTensor(environment, FloatBuffer.wrap(probes()), new long[] {
                        batch, descriptor.height(), descriptor.width(), 3
                    });
                    OnnxTensor labels =
                            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[batch]), new long[] {batch});
                    OrtSession.Result result = session.run(
                            labelled
                                    ? Map.of(PreprocessedGraph.IMAGES, images, GradientGraph.LABELS, labels)
                                    : Map.of(PreprocessedGraph.IMAGES, images))) {
                OnnxTensor scores = (OnnxTensor) result.get(output).orElseThrow();
                long[] shape = scores.getInfo().getShape();
                if (!Arrays.equals(shape, new long[] {batch, descriptor.grades()})) {
                    throw OnnxFile.unusable(
                            name,
                            "its output \"%s\" has the shape %s, and [%d, %d] is expected"
                                    .formatted(output, Arrays.toString(shape), batch, descriptor.grades()));
                }
                float[] values = new float[batch * descriptor.grades()];
                scores.getFloatBuffer().get(values);
                return values;
            }
        } catch (OrtException e) {
            throw OnnxFile.unusable(name, "ONNX Runtime refuses it (" + e.getMessage() + ")");
        }
    }

    /** Grey, and seeded noise on darker and lighter grounds: {@code [n,h,w,3]} in {@code [0,1]}. */
    private float[] probes() {
        SplittableRandom random = new SplittableRandom(20231208);
        float[] pixels = new float[batch * descriptor.height() * descriptor.width() * 3];
        int stride = pixels.length / batch;
        for (int i = 0; i < pixels.length; i++) {
            int image = i / stride % IMAGES;
            pixels[i] = image == 0 ? 0.5f : (float) (0.4 * (image - 1) + 0.6 * random.nextDouble());
        }
        return pixels;
    }
}
