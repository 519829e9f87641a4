package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Losses of features against PyTorch 2.13's autograd in float64, on the four images of {@link SmallNet}: the loss of
 * each, the first four values of the gradient, and {@code Σ gradient_k·sin(k)}. The features "convolved" are negative
 * by half, and no network of ReLU has such.
 */
class FeatureLossTest {

    private static final float[] DRAWS = {
        3, 0.25f, 7, 0.6f, 100, 0.1f, 1, 0, 2, 0.5f, 11, 0.75f, 5, 0.9f, 6, 0.3f, 513, 0.45f, 4, 0.2f, 9, 0.8f, 77,
        0.05f
    };

    /** {@code -sum(log(relu(f).flatten(1).mean(1)))}. */
    @Test
    void logMeansAreThoseOfPyTorchWhereActivationsAreNegativeToo() throws Exception {
        assertLoss(
                new FeatureLoss.LogMeans(),
                List.of("convolved", "activated", "pooled"),
                new double[] {0.2164776, 0.226869, 0.1874174, 0.2031188},
                new double[] {-0.0291675, 0.0647327, 0.0233099, -0.0632233},
                1.457244);
    }

    /** {@code sum(log(f.flatten(1).norm(dim=1)))}. */
    @Test
    void logNormsAreThoseOfPyTorch() throws Exception {
        assertLoss(
                new FeatureLoss.LogNorms(),
                List.of("convolved", "activated", "pooled"),
                new double[] {6.155577, 6.1353063, 6.1802635, 6.1607122},
                new double[] {0.0174783, -0.0506806, -0.0385636, 0.062024},
                -1.39282);
    }

    /**
     * {@code mean_k log |d_k·f|}, where d_k is {@code frac(m_k·u + s_k) < kept}, u drawn as Java's SplittableRandom
     * does, less {@code weight·|A − G|²/|G|²} of "activated"; G is the Gram matrix of the same net at the one image
     * {@code fill(98, 30, 1, 0)}.
     */
    @ParameterizedTest
    @CsvSource({
        "0.4, 0, 4.1485956, 4.4833455, 4.20321, 4.4278583, 0.0099192, -0.0402761, -0.0390742, 0.0672056, -1.062734",
        "1, 0.5, 5.3137702, 5.3119148, 5.3335994, 5.3322641, 0.0103213, -0.035892, -0.0242285, 0.0454191, -1.0165",
        "0.4, 0.5, 4.1444972, 4.4756119, 4.2004178, 4.4212593, 0.0101662, -0.0428419, -0.0419112, 0.0704722, -1.126485"
    })
    void uncertaintyIsThatOfPyTorch(
            double kept,
            double weight,
            double one,
            double two,
            double three,
            double four,
            double first,
            double second,
            double third,
            double fourth,
            double weighted)
            throws Exception {
        FeatureLoss.Texture texture = new FeatureLoss.Texture("activated", gram(), weight);
        assertLoss(
                new FeatureLoss.Uncertainty(3, kept, texture),
                List.of("convolved", "activated"),
                new double[] {one, two, three, four},
                new double[] {first, second, third, fourth},
                weighted);
    }

    /** With other draws other activations are left, and with the same the same. */
    @Test
    void whatIsDroppedFollowsFromTheDraws() throws Exception {
        FeatureLoss loss = new FeatureLoss.Uncertainty(3, 0.4, new FeatureLoss.Texture("activated", gram(), 0));
        float[] others = DRAWS.clone();
        others[1] = 0.75f;
        float[] losses = run(loss, List.of("activated"), DRAWS).get(GradientGraph.LOSSES);
        float[] again = run(loss, List.of("activated"), DRAWS).get(GradientGraph.LOSSES);
        float[] changed = run(loss, List.of("activated"), others).get(GradientGraph.LOSSES);
        assertThat(again).isEqualTo(losses);
        assertThat(changed[0]).isNotEqualTo(losses[0]);
        assertThat(changed[1]).isEqualTo(losses[1]);
    }

    /** Where a layer is flat at zero there is no slope, and no NaN. */
    @Test
    void aDeadLayerIsFlat() throws Exception {
        for (FeatureLoss loss : List.of(new FeatureLoss.LogMeans(), new FeatureLoss.LogNorms())) {
            Map<String, TensorProto> dark = inputs(DRAWS);
            dark.put("images", Tensors.of("images", new float[SmallNet.BATCH * 98], SmallNet.BATCH, 2, 7, 7));
            Map<String, float[]> outputs =
                    Runtime.run(derived(loss, List.of("activated", "convolved")), OptLevel.ALL_OPT, dark);
            for (float value : outputs.get(GradientGraph.GRADIENT)) {
                assertThat(value).isFinite();
            }
        }
    }

    private static void assertLoss(
            FeatureLoss loss, List<String> features, double[] losses, double[] first, double weighted)
            throws Exception {
        Map<String, float[]> outputs = run(loss, features, DRAWS);
        double sum = 0;
        float[] gradient = outputs.get(GradientGraph.GRADIENT);
        for (int k = 0; k < gradient.length; k++) {
            sum += gradient[k] * Math.sin(k);
        }
        for (int image = 0; image < SmallNet.BATCH; image++) {
            assertThat((double) outputs.get(GradientGraph.LOSSES)[image]).isCloseTo(losses[image], within(2e-6));
            assertThat((double) gradient[image]).isCloseTo(first[image], within(2e-6));
        }
        assertThat(sum).isCloseTo(weighted, within(2e-5));
    }

    private static Map<String, float[]> run(FeatureLoss loss, List<String> features, float[] draws) throws Exception {
        return Runtime.run(derived(loss, features), OptLevel.ALL_OPT, inputs(draws));
    }

    private static ModelProto derived(FeatureLoss loss, List<String> features) {
        List<String> named = new ArrayList<>(features);
        return FeatureGraph.derive(SmallNet.classifier(), SmallNet.BATCH, new Layers.Named(named), loss)
                .model();
    }

    private static Map<String, TensorProto> inputs(float[] draws) {
        Map<String, TensorProto> inputs = new HashMap<>(SmallNet.batch());
        inputs.put(FeatureGraph.DRAWS, Tensors.of(FeatureGraph.DRAWS, draws, SmallNet.BATCH, 6));
        return inputs;
    }

    private static float[] gram() {
        return new float[] {
            47.55473f, 9.955896f, 12.294507f, 9.469689f,
            9.955896f, 5.607906f, 10.945335f, 9.847305f,
            12.294507f, 10.945335f, 32.876997f, 49.422311f,
            9.469689f, 9.847305f, 49.422311f, 130.963189f
        };
    }
}
