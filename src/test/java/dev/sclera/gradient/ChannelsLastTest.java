package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A classifier as tf2onnx writes Keras' ones: channels last at the input, {@code auto_pad}, normalisation folded into a
 * kernel and one left as it is, ReLU6 as Clip and as Min of Relu, ReduceMean and Squeeze, MatMul with Add, Softmax.
 * Held against central differences of the same network written out in loops, in double precision.
 */
class ChannelsLastTest {

    private static final int IMAGES = 2;
    private static final int SIDE = 8;
    private static final int HALF = SIDE / 2;
    private static final int FEATURES = 4;
    private static final int CLASSES = 5;
    private static final long[] LABELS = {3, 0};

    private final float[] kernel = scaled(1, FEATURES * 3 * 9, 4);
    private final float[] bias = scaled(2, FEATURES, 2);
    private final float[] deep = scaled(3, FEATURES * 9, 1);
    private final float[] gamma = {1.5f, 0.8f, 1.1f, 2};
    private final float[] beta = {0.2f, -0.3f, 0.1f, 1};
    private final float[] mean = {0.3f, -0.2f, 0.1f, 0.5f};
    private final float[] variance = {0.5f, 1.5f, 0.9f, 0.3f};
    private final float[] dense = scaled(4, FEATURES * CLASSES, 1);
    private final float[] shift = scaled(5, CLASSES, 1);
    private final float[] images = ModelMaker.uniform(6, IMAGES * SIDE * SIDE * 3);

    private int cutBelow;
    private int cutAbove;

    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void hasTheGradientOfItsLoss(OptLevel level) throws OrtException {
        GradientGraph graph =
                GradientGraph.derive(model(), GradientGraph.Output.PROBABILITIES, IMAGES, new Loss.CrossEntropy());
        Map<String, float[]> outputs;
        try (Session session = Session.of(graph.model(), level)) {
            outputs = session.run("x", images, new long[] {IMAGES, SIDE, SIDE, 3}, LABELS);
        }
        int stride = SIDE * SIDE * 3;
        for (int image = 0; image < IMAGES; image++) {
            double[] pixels = new double[stride];
            for (int i = 0; i < stride; i++) {
                pixels[i] = images[image * stride + i];
            }
            assertThat((double) outputs.get(GradientGraph.LOSSES)[image])
                    .isCloseTo(loss(pixels, (int) LABELS[image]), within(1e-4));
            for (int i = 0; i < stride; i++) {
                double step = 1e-6;
                double pixel = pixels[i];
                pixels[i] = pixel + step;
                double above = loss(pixels, (int) LABELS[image]);
                pixels[i] = pixel - step;
                double below = loss(pixels, (int) LABELS[image]);
                pixels[i] = pixel;
                assertThat((double) outputs.get(GradientGraph.GRADIENT)[image * stride + i])
                        .as("image %d, value %d", image, i)
                        .isCloseTo((above - below) / (2 * step), within(1e-4));
            }
        }
        assertThat(cutBelow).as("values that ReLU6 cuts off below").isPositive();
        assertThat(cutAbove).as("values that it cuts off above").isPositive();
    }

    private ModelProto model() {
        return new ModelMaker(13)
                .input(IMAGES, SIDE, SIDE, 3)
                .weight(Tensors.of("kernel", kernel, FEATURES, 3, 3, 3))
                .weight(Tensors.of("bias", bias, FEATURES))
                .weight(Tensors.of("deep", deep, FEATURES, 1, 3, 3))
                .weight(Tensors.of("gamma", gamma, FEATURES))
                .weight(Tensors.of("beta", beta, FEATURES))
                .weight(Tensors.of("mean", mean, FEATURES))
                .weight(Tensors.of("variance", variance, FEATURES))
                .weight(Tensors.of("dense", dense, FEATURES, CLASSES))
                .weight(Tensors.of("shift", shift, CLASSES))
                .weight(Tensors.of("zero", new float[] {0}))
                .weight(Tensors.of("six", new float[] {6}))
                .weight(Tensors.of("squeezed", new long[] {1, 2}, 2))
                .node("Transpose", List.of("x"), "planes", Attributes.of("perm", new long[] {0, 3, 1, 2}))
                .node(
                        "Conv",
                        List.of("planes", "kernel", "bias"),
                        "stem",
                        Attributes.of("auto_pad", "SAME_UPPER"),
                        Attributes.of("strides", new long[] {2, 2}))
                .node("Clip", List.of("stem", "zero", "six"), "a")
                .node(
                        "Conv",
                        List.of("a", "deep"),
                        "separable",
                        Attributes.of("auto_pad", "SAME_UPPER"),
                        Attributes.of("group", (long) FEATURES))
                .node(
                        "BatchNormalization",
                        List.of("separable", "gamma", "beta", "mean", "variance"),
                        "normal",
                        Attributes.of("epsilon", 1e-3f))
                .node("Relu", List.of("normal"), "positive")
                .node("Min", List.of("positive", "six"), "b")
                .node("Transpose", List.of("b"), "last", Attributes.of("perm", new long[] {0, 2, 3, 1}))
                .node("ReduceMean", List.of("last"), "pooled", Attributes.of("axes", new long[] {1, 2}))
                .node("Squeeze", List.of("pooled", "squeezed"), "features")
                .node("MatMul", List.of("features", "dense"), "product")
                .node("Add", List.of("product", "shift"), "logits")
                .node("Softmax", List.of("logits"), "y", Attributes.of("axis", -1L))
                .output("y");
    }

    /** The cross-entropy of one image {@code [8,8,3]}. */
    private double loss(double[] pixels, int label) {
        double[][][] features = new double[FEATURES][HALF][HALF];
        for (int f = 0; f < FEATURES; f++) {
            for (int row = 0; row < HALF; row++) {
                for (int column = 0; column < HALF; column++) {
                    double sum = bias[f];
                    for (int channel = 0; channel < 3; channel++) {
                        for (int k = 0; k < 9; k++) {
                            // SAME at stride 2 and an even size pads behind alone
                            int y = 2 * row + k / 3;
                            int x = 2 * column + k % 3;
                            sum += y < SIDE && x < SIDE
                                    ? kernel[(f * 3 + channel) * 9 + k] * pixels[(y * SIDE + x) * 3 + channel]
                                    : 0;
                        }
                    }
                    features[f][row][column] = relu6(sum);
                }
            }
        }
        double[] pooled = new double[FEATURES];
        for (int f = 0; f < FEATURES; f++) {
            for (int row = 0; row < HALF; row++) {
                for (int column = 0; column < HALF; column++) {
                    double sum = 0;
                    for (int k = 0; k < 9; k++) {
                        int y = row + k / 3 - 1;
                        int x = column + k % 3 - 1;
                        boolean inside = y >= 0 && y < HALF && x >= 0 && x < HALF;
                        sum += inside ? deep[f * 9 + k] * features[f][y][x] : 0;
                    }
                    double normal = (sum - mean[f]) / Math.sqrt(variance[f] + 1e-3f) * gamma[f] + beta[f];
                    pooled[f] += relu6(normal) / (HALF * HALF);
                }
            }
        }
        double[] logits = new double[CLASSES];
        double powers = 0;
        for (int i = 0; i < CLASSES; i++) {
            logits[i] = shift[i];
            for (int f = 0; f < FEATURES; f++) {
                logits[i] += pooled[f] * dense[f * CLASSES + i];
            }
            powers += Math.exp(logits[i]);
        }
        return Math.log(powers) - logits[label];
    }

    private double relu6(double value) {
        cutBelow += value < 0 ? 1 : 0;
        cutAbove += value > 6 ? 1 : 0;
        return Math.max(0, Math.min(6, value));
    }

    private static float[] scaled(long seed, int count, float scale) {
        float[] values = ModelMaker.uniform(seed, count);
        for (int i = 0; i < count; i++) {
            values[i] *= scale;
        }
        return values;
    }
}
