package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three steps on a small net against PyTorch 2.13 in float64: the same net ({@code nn.Conv2d(2, 4, 3, stride=2,
 * padding=1)}, {@code nn.BatchNorm2d(4, momentum=0.2)}, {@code nn.Linear(4, 3)}) with the values of {@link SmallNet},
 * the loss {@code (F.cross_entropy(net(x), y, reduction="none") * w).sum() / w.sum()}, and the optimiser that each test
 * names. Statistics are fixed by {@code net.eval()}, and the batch's in {@code net.train()}.
 */
class TrainingGraphTest {

    private static final Optimiser MOMENTUM = new Optimiser.Sgd(0.9, 0.01, false);

    /** {@code torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01)}. */
    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void stepsByMomentumAsPyTorchDoes(OptLevel level) throws Exception {
        Trained trained = train(MOMENTUM, TrainingGraph.Normalisation.FIXED, 0.1f, level);
        close(trained.losses(), 1.2460496, 1.1652987, 1.0945527);
        close(trained.of("conv.bias"), 0.2578664, -0.1337792, -0.2277802, 0.1414505);
        close(trained.of("bn.weight"), 1.0321123, 0.6565527, 1.0418436, 1.2793679);
        close(trained.of("bn.bias"), -0.1612656, -0.0676097, 0.1810981, 0.0243527);
        close(trained.of("fc.bias"), 0.1628674, 0.0312729, -0.2142003);
        assertThat(trained.of("conv.weight")[0]).isCloseTo(0.4140552f, within(2e-6f));
        assertThat(trained.of("conv.weight")[71]).isCloseTo(0.3410137f, within(2e-6f));
    }

    /** {@code torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True)}. */
    @Test
    void looksAheadAsPyTorchDoes() throws Exception {
        Trained trained =
                train(new Optimiser.Sgd(0.9, 0.01, true), TrainingGraph.Normalisation.FIXED, 0.1f, OptLevel.ALL_OPT);
        close(trained.losses(), 1.2460496, 1.1174558, 1.0792668);
        close(trained.of("bn.weight"), 1.0283574, 0.6624765, 1.0398359, 1.2653590);
        close(trained.of("fc.bias"), 0.1717251, 0.0361957, -0.2279319);
    }

    /** {@code torch.optim.SGD(p, lr=0.1)}. */
    @Test
    void stepsWithoutMomentumAsPyTorchDoes() throws Exception {
        Trained trained =
                train(new Optimiser.Sgd(0, 0, false), TrainingGraph.Normalisation.FIXED, 0.1f, OptLevel.ALL_OPT);
        close(trained.losses(), 1.2460496, 1.1658433, 1.1272808);
        close(trained.of("bn.bias"), -0.1566149, -0.0883364, 0.1812645, 0.0441231);
    }

    /** {@code torch.optim.AdamW(p, lr=0.01, weight_decay=0.05)}. */
    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void stepsByAdamAsPyTorchDoes(OptLevel level) throws Exception {
        Optimiser adam = new Optimiser.AdamW(0.9, 0.999, 1e-8, 0.05);
        Trained trained = train(adam, TrainingGraph.Normalisation.FIXED, 0.01f, level);
        close(trained.losses(), 1.2460496, 1.1976499, 1.1583346);
        close(trained.of("conv.bias"), 0.2430411, -0.1289272, -0.2026447, 0.1887792);
        close(trained.of("bn.weight"), 1.0257829, 0.6289603, 1.0477867, 1.3563759);
        close(trained.of("fc.bias"), 0.1284719, 0.0025484, -0.1214792);
        assertThat(trained.of("conv.weight")[71]).isCloseTo(0.3361153f, within(2e-6f));
        assertThat(Tensors.longs(trained.values().get("optimiser/step"))).containsExactly(3);
    }

    /** {@code torch.optim.SGD(p, lr=0.1, momentum=0.9)} in training mode. */
    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void normalisesByTheBatchAsPyTorchDoes(OptLevel level) throws Exception {
        Trained trained =
                train(new Optimiser.Sgd(0.9, 0, false), TrainingGraph.Normalisation.OF_THE_BATCH, 0.1f, level);
        close(trained.losses(), 1.1080636, 1.1038990, 1.0970749);
        close(trained.of("bn.weight"), 1.0570649, 0.6104831, 1.0451083, 1.3777710);
        close(trained.of("bn.bias"), -0.1514375, -0.0981152, 0.1772968, 0.0527943);
        close(trained.of("bn.running_mean"), 0.0833229, -0.0573687, -0.0694033, 0.0752083);
        close(trained.of("bn.running_var"), 1.8716297, 2.3283910, 2.0628953, 1.6584870);
        close(trained.of("fc.bias"), 0.0963433, 0.0296303, -0.1461467);
        assertThat(trained.of("conv.weight")[71]).isCloseTo(0.3646578f, within(2e-6f));
    }

    @Test
    void smallBatchesThatAreSummedStepAsOneLargeBatch() throws Exception {
        TrainingGraph summing = TrainingGraph.sums(
                SmallNet.classifier(),
                GradientGraph.Output.LOGITS,
                2,
                training(name -> true, MOMENTUM, TrainingGraph.Normalisation.FIXED));
        TrainingGraph updating = TrainingGraph.update(summing, MOMENTUM);
        Map<String, TensorProto> values = initial(summing);
        values.putAll(initial(updating));
        values.put(TrainingGraph.LEARNING_RATE, Tensors.of("rate", new float[] {0.1f}));
        Map<String, TensorProto> batch = SmallNet.batch();
        for (int step = 0; step < 3; step++) {
            summing.variables(TrainingGraph.Kind.SUM).forEach(sum -> values.put(sum.input(), sum.initial()));
            for (int half = 0; half < 2; half++) {
                values.put("images", rows(batch.get("images"), half));
                values.put(TrainingGraph.WEIGHTS, rows(batch.get(TrainingGraph.WEIGHTS), half));
                long[] labels = half == 0 ? new long[] {0, 1} : new long[] {2, 1};
                values.put(GradientGraph.LABELS, Tensors.of(GradientGraph.LABELS, labels, 2));
                Map<String, TensorProto> sums = advance(summing, values, OptLevel.ALL_OPT);
                summing.variables(TrainingGraph.Kind.SUM)
                        .forEach(sum -> values.merge(sum.input(), sums.get(sum.output()), TrainingGraphTest::added));
            }
            advance(updating, values, OptLevel.ALL_OPT);
        }
        close(Tensors.floats(values.get("bn.weight")), 1.0321123, 0.6565527, 1.0418436, 1.2793679);
        close(Tensors.floats(values.get("fc.bias")), 0.1628674, 0.0312729, -0.2142003);
        close(Tensors.floats(values.get(TrainingGraph.WEIGHT)), 3.5);
    }

    @Test
    void trainsWhatIsChosenAndNothingElse() throws Exception {
        TrainingGraph graph = TrainingGraph.step(
                SmallNet.classifier(),
                GradientGraph.Output.LOGITS,
                SmallNet.BATCH,
                training(name -> name.startsWith("fc."), MOMENTUM, TrainingGraph.Normalisation.FIXED));
        assertThat(graph.variables(TrainingGraph.Kind.PARAMETER))
                .extracting(TrainingGraph.Variable::input)
                .containsExactly("fc.weight", "fc.bias");
        assertThat(graph.model().getGraph().getNodeList())
                .as("a fixed normalisation is folded into its convolution")
                .extracting(NodeProto::getOpType)
                .doesNotContain("BatchNormalization");
    }

    @Test
    void anImageOfNoWeightHasNoInfluence() throws Exception {
        TrainingGraph graph = TrainingGraph.step(
                SmallNet.classifier(),
                GradientGraph.Output.LOGITS,
                SmallNet.BATCH,
                training(name -> true, MOMENTUM, TrainingGraph.Normalisation.FIXED));
        Map<String, TensorProto> some = initial(graph);
        some.putAll(SmallNet.batch());
        some.put(TrainingGraph.LEARNING_RATE, Tensors.of("rate", new float[] {0.1f}));
        some.put(TrainingGraph.WEIGHTS, Tensors.of("weights", new float[] {1, 0, 2, 0}, SmallNet.BATCH));
        Map<String, TensorProto> others = new HashMap<>(some);
        float[] images = Tensors.floats(some.get("images"));
        for (int i = 0; i < 98; i++) {
            images[98 + i] = 7;
        }
        others.put("images", Tensors.of("images", images, SmallNet.BATCH, 2, 7, 7));
        advance(graph, some, OptLevel.ALL_OPT);
        advance(graph, others, OptLevel.ALL_OPT);
        assertThat(Tensors.floats(others.get("conv.weight"))).containsExactly(Tensors.floats(some.get("conv.weight")));
    }

    @Test
    void writesWeightsBackIntoTheModelAndChangesNothingElse() throws Exception {
        ModelProto original = SmallNet.classifier();
        ModelProto written = Parameters.write(original, Map.of("fc.bias", new float[] {1, 2, 3}));
        int at = original.getGraph().getInitializerCount() - 1;
        assertThat(Tensors.floats(written.getGraph().getInitializer(at))).containsExactly(1, 2, 3);
        ModelProto.Builder undone = written.toBuilder();
        undone.getGraphBuilder().setInitializer(at, original.getGraph().getInitializer(at));
        assertThat(undone.build()).isEqualTo(original);
    }

    @Test
    void refusesToWriteWhatTheModelDoesNotHave() {
        assertThatThrownBy(() -> Parameters.write(SmallNet.classifier(), Map.of("fc.gain", new float[1])))
                .hasMessageContaining("fc.gain");
        assertThatThrownBy(() -> Parameters.write(SmallNet.classifier(), Map.of("fc.bias", new float[2])))
                .hasMessageContaining("has 3 values, and 2");
    }

    @Test
    void namesTheParametersWhereNoneIsChosen() {
        assertThatThrownBy(() -> TrainingGraph.step(
                        SmallNet.classifier(),
                        GradientGraph.Output.LOGITS,
                        SmallNet.BATCH,
                        training(name -> false, MOMENTUM, TrainingGraph.Normalisation.FIXED)))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("conv.weight")
                .hasMessageNotContaining("running_mean");
    }

    /** Each layer's input is kept for its kernel's gradient; what a Relu takes in is read by nobody. */
    @Test
    void keepsNoActivationThatTheBackwardHalfDoesNotRead() {
        ModelProto model = TrainingGraph.step(
                        SmallNet.classifier(),
                        GradientGraph.Output.LOGITS,
                        SmallNet.BATCH,
                        training(name -> !name.startsWith("bn."), MOMENTUM, TrainingGraph.Normalisation.FIXED))
                .model();
        Set<String> read = new HashSet<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getName().startsWith(GraphBuilder.PREFIX)) {
                read.addAll(node.getInputList());
            }
        }
        assertThat(read).contains("images", "activated", "flat").doesNotContain("convolved", "normalised", "pooled");
    }

    private record Trained(double[] losses, Map<String, TensorProto> values) {

        float[] of(String variable) {
            return Tensors.floats(values.get(variable));
        }
    }

    private static Trained train(
            Optimiser optimiser, TrainingGraph.Normalisation normalisation, float rate, OptLevel level)
            throws Exception {
        TrainingGraph graph = TrainingGraph.step(
                SmallNet.classifier(),
                GradientGraph.Output.LOGITS,
                SmallNet.BATCH,
                training(name -> true, optimiser, normalisation));
        Map<String, TensorProto> values = initial(graph);
        values.putAll(SmallNet.batch());
        values.put(TrainingGraph.LEARNING_RATE, Tensors.of("rate", new float[] {rate}));
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            Map<String, TensorProto> outputs = advance(graph, values, level);
            losses.add((double) Tensors.floats(outputs.get(TrainingGraph.LOSS))[0]);
        }
        return new Trained(losses.stream().mapToDouble(Double::doubleValue).toArray(), values);
    }

    private static TrainingGraph.Training training(
            java.util.function.Predicate<String> parameters,
            Optimiser optimiser,
            TrainingGraph.Normalisation normalisation) {
        return new TrainingGraph.Training(new Loss.CrossEntropy(), parameters, optimiser, normalisation);
    }

    private static Map<String, TensorProto> initial(TrainingGraph graph) {
        Map<String, TensorProto> values = new HashMap<>();
        graph.variables().forEach(variable -> values.put(variable.input(), variable.initial()));
        return values;
    }

    private static Map<String, TensorProto> advance(
            TrainingGraph graph, Map<String, TensorProto> values, OptLevel level) throws OrtException {
        try (Runtime runtime = new Runtime(graph.model(), level)) {
            Map<String, TensorProto> outputs = runtime.run(values);
            for (TrainingGraph.Variable variable : graph.variables()) {
                if (!variable.input().equals(variable.output())) {
                    values.put(variable.input(), outputs.get(variable.output()));
                }
            }
            return outputs;
        }
    }

    private static TensorProto added(TensorProto one, TensorProto other) {
        float[] values = Tensors.floats(one).clone();
        float[] more = Tensors.floats(other);
        for (int i = 0; i < values.length; i++) {
            values[i] += more[i];
        }
        return Tensors.of(one.getName(), values, Tensors.shape(one));
    }

    private static TensorProto rows(TensorProto whole, int half) {
        float[] values = Tensors.floats(whole);
        long[] shape = Tensors.shape(whole);
        shape[0] /= 2;
        int length = values.length / 2;
        return Tensors.of(
                whole.getName(), java.util.Arrays.copyOfRange(values, half * length, (half + 1) * length), shape);
    }

    private static void close(float[] actual, double... expected) {
        double[] wide = new double[actual.length];
        java.util.Arrays.setAll(wide, i -> actual[i]);
        close(wide, expected);
    }

    private static void close(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(2e-6));
    }
}
