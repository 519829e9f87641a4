package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Losses and their slopes for three given rows of logits, against PyTorch 2.13's autograd in float64:
 * {@code F.cross_entropy}, {@code .clamp(max=1)}, {@code z[t] - z.masked_fill(one_hot(t), -1e9).max(1)},
 * {@code .clamp(min=-1)}, that reversed, {@code F.cosine_similarity}, {@code (softmax(z) * (arange(5) - t)**2).sum(1)},
 * {@code (z * w).sum(1)}, {@code (softmax(z / T) * w).sum(1)}, {@code logsumexp(z[:, k:]) - logsumexp(z[:, :k])} and
 * {@code (1 - p[t])**2 * cross_entropy}.
 */
class LossTest {

    private static final float[] LOGITS = {
        1.5f, -0.3f, 0.2f, 2.0f, -1.0f, 0.1f, 0.4f, -0.7f, 0.2f, 3.0f, -2.0f, 1.0f, 0.5f, 0.0f, 0.3f
    };

    private static final float[] CLEAN = {1, 0, 0.5f, 1, -2, 0.3f, 0.3f, -1, 0.8f, 0.1f, 0, 2, 0, -0.5f, 1};

    private static final double[] CROSS_ENTROPY = {0.6533015, 3.0946045, 0.9245694};

    private static final double[] CROSS_ENTROPY_SLOPE = {
        0.3155931,
        0.0521672,
        0.0860092,
        -0.4796749,
        0.0259055,
        -0.9547071,
        0.0611391,
        0.0203514,
        0.0500564,
        0.8231602,
        0.0197506,
        -0.6032978,
        0.2406121,
        0.1459386,
        0.1969965
    };

    static List<Arguments> losses() {
        double[] clamped = CROSS_ENTROPY_SLOPE.clone();
        java.util.Arrays.fill(clamped, 5, 10, 0);
        return List.of(
                Arguments.of(new Loss.CrossEntropy(), CROSS_ENTROPY, CROSS_ENTROPY_SLOPE),
                Arguments.of(new Loss.TargetedCrossEntropy(), CROSS_ENTROPY, CROSS_ENTROPY_SLOPE),
                Arguments.of(new Loss.ClampedCrossEntropy(1), new double[] {0.6533015, 1, 0.9245694}, clamped),
                Arguments.of(new Loss.Margin(Double.POSITIVE_INFINITY), new double[] {0.5, -2.9, 0.5}, new double[] {
                    -1, 0, 0, 1, 0, 1, 0, 0, 0, -1, 0, 1, -1, 0, 0
                }),
                Arguments.of(new Loss.Margin(1), new double[] {0.5, -1, 0.5}, new double[] {
                    -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0
                }),
                Arguments.of(new Loss.TargetedMargin(1), new double[] {-0.5, 2.9, -0.5}, new double[] {
                    1, 0, 0, -1, 0, -1, 0, 0, 0, 1, 0, -1, 1, 0, 0
                }),
                Arguments.of(new Loss.TargetedMargin(0.25), new double[] {-0.25, 2.9, -0.25}, new double[] {
                    0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0, 0, 0, 0, 0
                }),
                Arguments.of(new Loss.CosineSimilarity(), new double[] {0.8245554, 0.310928, 0.4343877}, new double[] {
                    -0.0203505,
                    0.0335185,
                    0.0512753,
                    -0.0762147,
                    -0.1827557,
                    0.0679995,
                    0.0583831,
                    -0.2149115,
                    0.1834688,
                    -0.0724283,
                    0.162692,
                    0.2963824,
                    -0.040673,
                    -0.0944321,
                    0.1644604
                }),
                Arguments.of(
                        new Loss.ExpectedSquaredDistance(),
                        new double[] {3.1609214, 13.7636154, 2.6170855},
                        new double[] {
                            1.842773,
                            0.0437724,
                            -0.185859,
                            -1.6447067,
                            -0.0559797,
                            -0.6233944,
                            -0.7803553,
                            -0.1987035,
                            -0.2384495,
                            1.8409027,
                            -0.0319385,
                            -1.0382036,
                            -0.3890903,
                            0.2018206,
                            1.2574118
                        }),
                Arguments.of(new Loss.WeightedLogits(), new double[] {5.6, 1.31, 2.3}, wide(CLEAN)),
                Arguments.of(
                        new Loss.WeightedProbabilities(), new double[] {0.8271118, 0.1339393, 0.9174316}, new double[] {
                            0.0545623,
                            -0.0431481,
                            -0.0281346,
                            0.089958,
                            -0.0732376,
                            0.0075214,
                            0.0101528,
                            -0.0230773,
                            0.0333406,
                            -0.0279375,
                            -0.0181199,
                            0.4294573,
                            -0.2207451,
                            -0.206858,
                            0.0162657
                        }),
                Arguments.of(
                        new Loss.LogOdds(2, Double.POSITIVE_INFINITY),
                        new double[] {0.5418372, 2.1277164, 0.337352},
                        new double[] {
                            -0.8581489,
                            -0.1418511,
                            0.1360388,
                            0.822987,
                            0.0409741,
                            -0.4255575,
                            -0.5744425,
                            0.0227755,
                            0.0560186,
                            0.9212059,
                            -0.0474259,
                            -0.9525741,
                            0.4123267,
                            0.2500888,
                            0.3375845
                        }),
                Arguments.of(new Loss.LogOdds(4, 2), new double[] {-2, 1.5379065, -1.4051732}, new double[] {
                    0,
                    0,
                    0,
                    0,
                    0,
                    -0.256124,
                    -0.3457312,
                    -0.1150839,
                    -0.2830608,
                    1,
                    -0.024596,
                    -0.494023,
                    -0.2996401,
                    -0.1817409,
                    1
                }),
                Arguments.of(
                        new Loss.OfNodes(focal(), true), new double[] {0.1503169, 2.8206255, 0.3365139}, new double[] {
                            0.1755326,
                            0.0290153,
                            0.0478382,
                            -0.2667947,
                            0.0144086,
                            -1.1256914,
                            0.0720888,
                            0.0239963,
                            0.0590213,
                            0.970585,
                            0.0159293,
                            -0.4865728,
                            0.1940589,
                            0.1177027,
                            0.158882
                        }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void isPyTorchsWithItsSlope(Loss loss, double[] losses, double[] slope) throws Exception {
        ModelProto model = GradientGraph.derive(SmallNet.identity(3, 5), GradientGraph.Output.LOGITS, 3, loss)
                .model();
        for (OptLevel level : OptLevel.values()) {
            Map<String, float[]> outputs = Runtime.run(
                    model,
                    level,
                    Map.of(
                            "images",
                            Tensors.of("images", LOGITS, 3, 5),
                            GradientGraph.LABELS,
                            Tensors.of(GradientGraph.LABELS, new long[] {3, 0, 1}, 3),
                            GradientGraph.CLEAN_LOGITS,
                            Tensors.of(GradientGraph.CLEAN_LOGITS, CLEAN, 3, 5),
                            GradientGraph.CLASS_WEIGHTS,
                            Tensors.of(GradientGraph.CLASS_WEIGHTS, CLEAN, 3, 5)));
            assertThat(wide(outputs.get(GradientGraph.LOSSES)))
                    .as("losses at %s", level)
                    .containsExactly(losses, within(2e-6));
            assertThat(wide(outputs.get(GradientGraph.GRADIENT)))
                    .as("slope at %s", level)
                    .containsExactly(slope, within(2e-6));
        }
    }

    @Test
    void ofNodesMayTakeInputsOfTheirOwn() throws Exception {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("toward");
        graph.addInput(SmallNet.value("logits", 1, 5))
                .addInput(SmallNet.value("direction", 1, 5))
                .addOutput(SmallNet.value("along", 1));
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        String along = nodes.sum(nodes.multiply("logits", "direction"), false, 1);
        nodes.addNamed("along", "Neg", List.of(along));
        ModelProto model = GradientGraph.derive(
                        SmallNet.identity(3, 5),
                        GradientGraph.Output.LOGITS,
                        3,
                        new Loss.OfNodes(SmallNet.model(graph), true))
                .model();
        Map<String, float[]> outputs = Runtime.run(
                model,
                OptLevel.ALL_OPT,
                Map.of(
                        "images",
                        Tensors.of("images", LOGITS, 3, 5),
                        GradientGraph.LABELS,
                        Tensors.of(GradientGraph.LABELS, new long[3], 3),
                        "direction",
                        Tensors.of("direction", CLEAN, 3, 5)));
        for (int i = 0; i < CLEAN.length; i++) {
            assertThat(outputs.get(GradientGraph.GRADIENT)[i]).isEqualTo(-CLEAN[i]);
        }
    }

    @Test
    void ofNodesIsOneFigurePerImage() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("squares");
        graph.addInput(SmallNet.value("logits", 1, 5)).addOutput(SmallNet.value("squares", 1, 5));
        new GraphBuilder(graph, 17, "").addNamed("squares", "Mul", List.of("logits", "logits"));
        assertThatThrownBy(() -> GradientGraph.derive(
                        SmallNet.identity(3, 5),
                        GradientGraph.Output.LOGITS,
                        3,
                        new Loss.OfNodes(SmallNet.model(graph), true)))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("one figure per image")
                .hasMessageContaining("[3, 5]");
    }

    /** {@code (1 − p)² · −log p}, p the label's probability. */
    private static ModelProto focal() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("focal");
        graph.addInput(SmallNet.value("logits", 1, 5))
                .addInput(Values.of("labels", TensorProto.DataType.INT64_VALUE, 1))
                .addOutput(SmallNet.value("focal", 1));
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        String label = nodes.add("OneHot", List.of("labels", nodes.longs(5), nodes.floats(new float[] {0, 1}, 2)));
        String probabilities = nodes.add("Softmax", List.of("logits"), Attributes.of("axis", 1L));
        String ofLabel = nodes.sum(nodes.multiply(probabilities, label), false, 1);
        String rest = nodes.add("Sub", List.of(nodes.scalar(1), ofLabel));
        String entropy = nodes.add("Neg", List.of(nodes.add("Log", List.of(ofLabel))));
        nodes.addNamed("focal", "Mul", List.of(nodes.multiply(rest, rest), entropy));
        return SmallNet.model(graph);
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        java.util.Arrays.setAll(wide, i -> values[i]);
        return wide;
    }
}
