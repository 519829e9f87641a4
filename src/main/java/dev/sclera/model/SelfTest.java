package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.gradient.UnsupportedGraphException;
import java.util.Arrays;

/**
 * Proves, before a model is taken, that the runtime grades as its graph says: the output with all optimisations is that
 * without any, the gradient graph's logits are the same again, and its gradient is that of the loss. A fusion that is
 * wrong changes grades in silence: ONNX Runtime 1.19.0 to 1.20.0 misgraded Inception v3 by one.
 */
final class SelfTest {

    /** Of the largest score: sums in another order differ by far less, a wrong operator by far more. */
    static final double TOLERANCE = 1e-3;

    /** Where activations have 8 or 16 bits, a sum in another order may be rounded to the neighbouring step. */
    static final double COARSE_TOLERANCE = 5e-2;

    private final Specimen specimen;

    SelfTest(String name, ModelProto model, ModelDescriptor descriptor) {
        this(Specimen.preprocessed(name, model, descriptor));
    }

    SelfTest(Specimen specimen) {
        Grader.openRuntime();
        this.specimen = specimen;
    }

    /**
     * Runs the test.
     *
     * @return what was measured
     * @throws dev.sclera.problem.UnusableInputException where the runtime refuses the model, its answers differ, or its
     *     gradient is wrong
     */
    SelfTestFigures run() {
        try {
            return run(GradientGraph.deriveForCaches(
                    specimen.graph(),
                    GradientGraph.Output.valueOf(specimen.kind().name()),
                    specimen.batch(),
                    new Loss.CrossEntropy()));
        } catch (UnsupportedGraphException e) {
            Grades grades = grades();
            return new SelfTestFigures(specimen.batch(), grades.classes, grades.optimised, null, null, e.getMessage());
        }
    }

    private SelfTestFigures run(GradientGraph graph) {
        return run(graph.model(), graph.straightThrough());
    }

    /** The test with this gradient graph. */
    SelfTestFigures run(ModelProto gradients, boolean straightThrough) {
        Grades grades = grades();
        try (ProbeSession session = new ProbeSession(specimen, gradients, OptLevel.ALL_OPT)) {
            float[] logits = session.scores(GradientGraph.LOGITS, specimen.plainImages());
            double difference = compare(grades.plain, asOutput(logits, grades.classes), "in the gradient graph");
            if (straightThrough) {
                return new SelfTestFigures(
                        specimen.batch(),
                        grades.classes,
                        grades.optimised,
                        difference,
                        null,
                        "the gradient goes straight through quantised tensors, where the loss itself is a staircase");
            }
            double slopes = DifferenceQuotients.error(specimen, gradients, session);
            requireSlopes(slopes);
            return new SelfTestFigures(specimen.batch(), grades.classes, grades.optimised, difference, slopes, null);
        }
    }

    /** The scores of the graph as it is written, and how far those are that grading gives. */
    private record Grades(float[] plain, double optimised, int classes) {}

    private Grades grades() {
        float[] plain = scores(OptLevel.NO_OPT);
        double optimised = compare(plain, scores(OptLevel.ALL_OPT), "with all of ONNX Runtime's optimisations");
        return new Grades(plain, optimised, plain.length / specimen.batch());
    }

    private float[] scores(OptLevel level) {
        try (ProbeSession session = new ProbeSession(specimen, specimen.graph(), level)) {
            return session.scores(specimen.output(), specimen.plainImages());
        }
    }

    /** What the model's output is for the gradient graph's logits, which of probabilities are the logarithms. */
    float[] asOutput(float[] logits, int classes) {
        if (specimen.kind() == ModelDescriptor.OutputKind.LOGITS) {
            return logits;
        }
        float[] probabilities = new float[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double[] exact = Grade.of(Arrays.copyOfRange(logits, row, row + classes), ModelDescriptor.OutputKind.LOGITS)
                    .probabilities();
            for (int i = 0; i < classes; i++) {
                probabilities[row + i] = (float) exact[i];
            }
        }
        return probabilities;
    }

    /**
     * Refuses scores that are not those of the graph as it is written.
     *
     * @return the largest difference, relative to the largest score
     */
    double compare(float[] plain, float[] other, String where) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < plain.length; i++) {
            if (!Float.isFinite(plain[i]) || !Float.isFinite(other[i])) {
                throw OnnxFile.unusable(
                        specimen.name(),
                        "its output \"%s\" holds %s on an ordinary image %s, which is no score"
                                .formatted(specimen.output(), Float.isFinite(plain[i]) ? other[i] : plain[i], where));
            }
            largest = Math.max(largest, Math.abs(plain[i]));
            difference = Math.max(difference, Math.abs(plain[i] - other[i]));
        }
        double tolerance = coarse() ? COARSE_TOLERANCE : TOLERANCE;
        double least = Math.max(largest, 1e-6);
        if (difference > tolerance * least) {
            throw OnnxFile.unusable(
                    specimen.name(),
                    ("its scores, up to %.4g, differ by %.4g %s from those of the graph as it is written; what it would"
                                    + " be graded by is not certain. Export it anew, with another exporter or opset")
                            .formatted(largest, difference, where));
        }
        return difference / least;
    }

    private void requireSlopes(double error) {
        // NaN is no agreement either
        if (!(error <= DifferenceQuotients.TOLERANCE)) {
            throw OnnxFile.unusable(
                    specimen.name(),
                    ("its gradient is off by %.0f%% from difference quotients of its loss, and at most %.0f%% is allowed;"
                                    + " attacks would go astray. Report it as a fault of Sclera, with the file's"
                                    + " operators (\"sclera model check\" prints them)")
                            .formatted(100 * error, 100 * DifferenceQuotients.TOLERANCE));
        }
    }

    private boolean coarse() {
        return specimen.graph().getGraph().getNodeList().stream()
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
}
