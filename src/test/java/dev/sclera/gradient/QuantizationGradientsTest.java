package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The straight-through gradient in its closed form. */
class QuantizationGradientsTest {

    private static final float SCALE = 0.02f;
    private static final int ZERO = 7;
    private static final float[] WEIGHT_SCALES = {0.01f, 0.02f, 0.005f, 0.03f, 0.015f};

    /** y = Gemm(DQ(Q(x)), DQ(w)) with one scale per row of w: W'(softmax(y) − one-hot) where x was not clamped. */
    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void isStraightThroughWithinTheRange(OptLevel level) throws OrtException {
        int classes = WEIGHT_SCALES.length;
        int[] integers = new int[classes * 4];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = i * 37 % 255 - 127;
        }
        TensorProto weight = ModelMaker.bytes("w", TensorProto.DataType.INT8_VALUE, integers, classes, 4);
        ModelProto model = new ModelMaker(13)
                .input(2, 4)
                .weight(Tensors.of("scale", new float[] {SCALE}))
                .weight(ModelMaker.bytes("zero", TensorProto.DataType.INT8_VALUE, new int[] {ZERO}))
                .weight(weight)
                .weight(Tensors.of("scales", WEIGHT_SCALES, classes))
                .weight(ModelMaker.bytes("zeros", TensorProto.DataType.INT8_VALUE, new int[classes], classes))
                .node("QuantizeLinear", List.of("x", "scale", "zero"), "q")
                .node("DequantizeLinear", List.of("q", "scale", "zero"), "d")
                .node("DequantizeLinear", List.of("w", "scales", "zeros"), "wd", Attributes.of("axis", 0L))
                .node("Gemm", List.of("d", "wd"), "y", Attributes.of("transB", 1L))
                .output("y");
        GradientGraph graph = GradientGraph.derive(model, GradientGraph.Output.LOGITS, 2, new Loss.CrossEntropy());
        assertThat(graph.straightThrough()).isTrue();
        assertThat(graph.model().getDocString()).isEqualTo("straight-through gradient of a quantised model");
        assertThat(GradientCoverage.of(model).quantised()).isTrue();

        // the range is [−135, 120] · 0.02; some values lie outside it, some half a step or less
        float[] x = {0.5f, -2.709f, 2.405f, 3f, -0.37f, -2.72f, 2.42f, 0.013f};
        long[] labels = {1, 4};
        Map<String, float[]> outputs;
        try (Session session = Session.of(graph.model(), level)) {
            outputs = session.run("x", x, new long[] {2, 4}, labels);
        }
        for (int image = 0; image < 2; image++) {
            double[] logits = new double[classes];
            double sum = 0;
            for (int row = 0; row < classes; row++) {
                for (int i = 0; i < 4; i++) {
                    double q = Math.max(-128, Math.min(127, Math.rint(x[4 * image + i] / SCALE) + ZERO));
                    logits[row] += integers[4 * row + i] * (double) WEIGHT_SCALES[row] * (q - ZERO) * SCALE;
                }
                sum += Math.exp(logits[row]);
            }
            for (int i = 0; i < 4; i++) {
                double expected = 0;
                double value = x[4 * image + i] / SCALE + ZERO;
                if (value > -128.5 && value < 127.5) {
                    for (int row = 0; row < classes; row++) {
                        double slope = Math.exp(logits[row]) / sum - (labels[image] == row ? 1 : 0);
                        expected += slope * integers[4 * row + i] * WEIGHT_SCALES[row];
                    }
                }
                assertThat((double) outputs.get(GradientGraph.GRADIENT)[4 * image + i])
                        .as("image %d, value %d", image, i)
                        .isCloseTo(expected, within(1e-4));
            }
        }
    }

    /** Between quantising and dequantising, integers are moved; and a scale per channel of the activations. */
    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void passesIntegersThatAreMoved(OptLevel level) throws OrtException {
        float[] scales = {0.01f, 0.5f};
        ModelProto model = new ModelMaker(13)
                .input(1, 2, 2, 2)
                .weight(Tensors.of("scales", scales, 2))
                .weight(ModelMaker.bytes("zeros", TensorProto.DataType.UINT8_VALUE, new int[] {128, 0}, 2))
                .weight(Tensors.of("shape", new long[] {1, 2, 4}, 3))
                .weight(Tensors.of("flat", new long[] {1, 8}, 2))
                .node("QuantizeLinear", List.of("x", "scales", "zeros"), "q", Attributes.of("axis", 1L))
                .node("Reshape", List.of("q", "shape"), "r")
                .node("DequantizeLinear", List.of("r", "scales", "zeros"), "d", Attributes.of("axis", 1L))
                .node("Reshape", List.of("d", "flat"), "y")
                .output("y");
        GradientGraph graph = GradientGraph.derive(model, GradientGraph.Output.LOGITS, 1, new Loss.CrossEntropy());
        // channel 0 spans [−1.285, 1.275] and channel 1 [−0.25, 127.75]
        float[] x = {0.5f, -1.3f, 1.27f, 1.28f, 4.2f, -0.2f, -0.3f, 0.9f};
        boolean[] inside = {true, false, true, false, true, true, false, true};
        double[] dequantised = {0.5, -1.28, 1.27, 1.27, 4, 0, 0, 1};
        double sum = 0;
        for (double value : dequantised) {
            sum += Math.exp(value);
        }
        try (Session session = Session.of(graph.model(), level)) {
            float[] gradient = session.run("x", x, new long[] {1, 2, 2, 2}, 2).get(GradientGraph.GRADIENT);
            for (int i = 0; i < 8; i++) {
                double expected = inside[i] ? Math.exp(dequantised[i]) / sum - (i == 2 ? 1 : 0) : 0;
                assertThat((double) gradient[i]).as("value %d", i).isCloseTo(expected, within(1e-5));
            }
        }
    }
}
