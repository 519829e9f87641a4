package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two pairs against PyTorch 2.13 in float64: logits {@code 2·sin(1 + 1.7·i)} as {@code [4,5]}, labels 0, 3, and
 * {@code 0.75·cross_entropy(z[:2], y) + 0.25·cross_entropy(z[2:], y) + 3·kl_div(log_softmax(z[2:]),
 * softmax(z[:2])).sum(1)}.
 */
class PairedLossTest {

    private static final double[] SLOPE = {
        0.9238515512610052,
        -2.332398067280852,
        -0.2808649684700282,
        -0.14691965312391675,
        1.8363311376137923,
        -1.6749665557759437,
        -0.27445413911163463,
        2.2032991671348143,
        0.5772209813729461,
        -0.8310994536201826,
        -2.3539490192860866,
        2.5719292035910057,
        2.2876867097945364,
        -0.13310357775028325,
        -2.3725633163491726,
        2.2290697897291456,
        0.3645342104888569,
        -1.1965099445026919,
        -3.8201836821418613,
        2.423089626426551
    };

    @ParameterizedTest
    @ValueSource(longs = {7, 13, 17})
    void lossAndSlopeAreThoseOfPyTorch(long opset) throws Exception {
        Map<String, float[]> values = run(classifier(opset));
        float[] losses = values.get(GradientGraph.LOSSES);
        // a pair's loss is the mean of its two rows'
        assertThat((losses[0] + losses[2]) / 2).isCloseTo(6.534722391406541f, within(1e-5f));
        assertThat((losses[1] + losses[3]) / 2).isCloseTo(6.097643765605484f, within(1e-5f));
        float[] slope = values.get(GradientGraph.GRADIENT);
        for (int i = 0; i < SLOPE.length; i++) {
            assertThat((double) slope[i]).as("slope %d", i).isCloseTo(SLOPE[i], within(1e-5));
        }
    }

    @Test
    void answersThatAreAlikeCostTheirCrossEntropyAlone() throws Exception {
        Loss loss = PairedLoss.of(classifier(17), 1, 5, 0.5, 10);
        GradientGraph graph = GradientGraph.derive(SmallNet.identity(2, 5), GradientGraph.Output.LOGITS, 2, loss);
        Map<String, TensorProto> inputs = new HashMap<>();
        inputs.put("images", Tensors.of("images", new float[] {1, 2, 3, 4, 5, 1, 2, 3, 4, 5}, 2, 5));
        inputs.put(GradientGraph.LABELS, Tensors.of(GradientGraph.LABELS, new long[] {4, 4}, 2));
        float[] losses = Runtime.run(graph.model(), OptLevel.ALL_OPT, inputs).get(GradientGraph.LOSSES);
        double sum = 0;
        for (int grade = 1; grade <= 5; grade++) {
            sum += Math.exp(grade);
        }
        assertThat((losses[0] + losses[1]) / 2.0).isCloseTo(Math.log(sum) - 5, within(1e-5));
    }

    private static ModelProto classifier(long opset) {
        ModelProto.Builder model = SmallNet.identity(4, 5).toBuilder();
        model.getOpsetImportBuilder(0).setVersion(opset);
        return model.build();
    }

    private static Map<String, float[]> run(ModelProto classifier) throws Exception {
        GradientGraph graph = GradientGraph.derive(
                classifier, GradientGraph.Output.LOGITS, 4, PairedLoss.of(classifier, 2, 5, 0.25, 3));
        Map<String, TensorProto> inputs = new HashMap<>();
        inputs.put("images", Tensors.of("images", SmallNet.fill(20, 1, 2, 0), 4, 5));
        inputs.put(GradientGraph.LABELS, Tensors.of(GradientGraph.LABELS, new long[] {0, 3, 0, 3}, 4));
        return Runtime.run(graph.model(), OptLevel.ALL_OPT, inputs);
    }
}
