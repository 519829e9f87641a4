package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.between;
import static dev.sclera.gradient.SmallGraph.node;
import static dev.sclera.gradient.SmallGraph.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of elementwise operators, against central differences in float64. */
class ElementwiseRulesTest {

    private static final double STEP = 1e-5;

    private static Arguments function(
            String operator, double low, double high, double kink, DoubleUnaryOperator truth, AttributeProto... with) {
        return Arguments.of(operator, low, high, kink, truth, with);
    }

    static Stream<Arguments> functions() {
        double none = Double.NaN;
        return Stream.of(
                function("Relu", -2, 2, 0, x -> Math.max(0, x)),
                function("LeakyRelu", -2, 2, 0, x -> x > 0 ? x : 0.3f * x, Attributes.of("alpha", 0.3f)),
                function("ThresholdedRelu", -2, 2, 0.5, x -> x > 0.5 ? x : 0, Attributes.of("alpha", 0.5f)),
                function("Elu", -2, 2, 0, x -> x > 0 ? x : 0.7f * Math.expm1(x), Attributes.of("alpha", 0.7f)),
                function("Elu", -2, 2, 0, x -> x > 0 ? x : Math.expm1(x)),
                function("Selu", -2, 2, 0, x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
                function("Celu", -2, 2, 0, x -> x > 0 ? x : 0.6f * Math.expm1(x / 0.6f), Attributes.of("alpha", 0.6f)),
                function("HardSigmoid", -1.9, 2, none, x -> 0.25f * x + 0.5, Attributes.of("alpha", 0.25f)),
                function("HardSigmoid", 2.1, 9, none, x -> 1, Attributes.of("alpha", 0.25f)),
                function("HardSwish", -5, 5, 3, x -> x * Math.max(0, Math.min(1, x / 6 + 0.5))),
                function("Gelu", -3, 3, none, x -> x * (1 + erf(x / Math.sqrt(2))) / 2),
                function("Gelu", -3, 3, none, ElementwiseRulesTest::tanhGelu, Attributes.of("approximate", "tanh")),
                function("Mish", -3, 3, none, x -> x * Math.tanh(Math.log1p(Math.exp(x)))),
                function("Sigmoid", -3, 3, none, x -> 1 / (1 + Math.exp(-x))),
                function("Tanh", -3, 3, none, Math::tanh),
                function("Softplus", -3, 3, none, x -> Math.log1p(Math.exp(x))),
                function("Softsign", -3, 3, 0, x -> x / (1 + Math.abs(x))),
                function("Erf", -2, 2, none, ElementwiseRulesTest::erf),
                function("Exp", -2, 2, none, Math::exp),
                function("Log", 0.5, 3, none, Math::log),
                function("Sqrt", 0.5, 3, none, Math::sqrt),
                function("Reciprocal", 0.5, 3, none, x -> 1 / x),
                function("Neg", -2, 2, none, x -> -x),
                function("Abs", -2, 2, 0, Math::abs),
                function("Sin", -2, 2, none, Math::sin),
                function("Cos", -2, 2, none, Math::cos),
                function("Identity", -2, 2, none, x -> x),
                function("Dropout", -2, 2, none, x -> x),
                function("Cast", -2, 2, none, x -> x, Attributes.of("to", 1L)));
    }

    @ParameterizedTest(name = "{0} {5}")
    @MethodSource("functions")
    void functionsOfOneTensor(
            String operator, double low, double high, double kink, DoubleUnaryOperator truth, AttributeProto[] with)
            throws Exception {
        double[] x = Arrays.stream(between(low, high, operator.hashCode(), 30))
                .map(value -> Math.abs(Math.abs(value) - Math.abs(kink)) < 0.05 ? value + 0.15 : value)
                .map(value -> (float) value)
                .toArray();
        SmallGraph.of(20, node(operator, List.of("x"), with))
                .operand("x", x, 2, 3, 5)
                .agreesWithDifferences(
                        operands -> Arrays.stream(operands[0]).map(truth).toArray(), STEP, 2e-6);
    }

    /** By its Taylor series, which is exact enough up to 3. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 80; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return sum * 2 / Math.sqrt(Math.PI);
    }

    private static double tanhGelu(double x) {
        return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    static Stream<Arguments> operatorsOfTwo() {
        return Stream.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean")
                .flatMap(operator -> Stream.of(
                        Arguments.of(operator, new long[] {2, 3, 4}, new long[] {2, 3, 4}),
                        Arguments.of(operator, new long[] {2, 3, 4}, new long[] {4}),
                        Arguments.of(operator, new long[] {3, 1}, new long[] {2, 1, 4}),
                        Arguments.of(operator, new long[] {2, 3}, new long[] {})));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("operatorsOfTwo")
    void operatorsOfTwoTensorsWithBroadcasting(String operator, long[] left, long[] right) throws Exception {
        SmallGraph graph = SmallGraph.of(17, node(operator, List.of("a", "b")))
                .operand("a", numbers(1, left), left)
                .operand(
                        "b",
                        Arrays.stream(between(2.1, 4, 2, Tensors.size(right)))
                                .map(b -> operator.startsWith("M") ? b - 3 : b)
                                .toArray(),
                        right);
        agrees(operator, graph);
    }

    /** The runtime has no mean of float64; being linear, it needs none. */
    private static void agrees(String operator, SmallGraph graph) throws Exception {
        if (operator.equals("Mean")) {
            graph.agreesWithDifferences(graph.inFloats(), 1, 2e-6);
        } else {
            graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Max", "Min", "Sum", "Mean"})
    void operatorsOfThreeTensors(String operator) throws Exception {
        SmallGraph graph = SmallGraph.of(17, node(operator, List.of("a", "b", "c")))
                .operand("a", numbers(1, 2, 3, 4), 2, 3, 4)
                .operand("b", numbers(2, 3, 1), 3, 1)
                .operand("c", numbers(3, 1, 4), 1, 4);
        agrees(operator, graph);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1, 2, 3, 0.5f, -1, 2.7f})
    void powersByAConstant(float exponent) throws Exception {
        SmallGraph graph = SmallGraph.of(15, node("Pow", List.of("x", "exponent")))
                .operand("x", between(0.3, 2, 5, 12), 3, 4)
                .scalar("exponent", exponent);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @Test
    void powersByATensor() throws Exception {
        SmallGraph graph = SmallGraph.of(15, node("Pow", List.of("x", "exponent")))
                .operand("x", between(0.3, 2, 5, 12), 3, 4)
                .operand("exponent", numbers(6, 4), 4);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @Test
    void powersByAnInteger() throws Exception {
        SmallGraph graph = SmallGraph.of(15, node("Pow", List.of("x", "exponent")))
                .operand("x", numbers(5, 12), 3, 4)
                .longs("exponent", 3);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "-0.5, 10", "-9, 0.5"})
    void clips(float low, float high) throws Exception {
        SmallGraph graph = SmallGraph.of(13, node("Clip", List.of("x", "low", "high")))
                .operand("x", numbers(7, 4, 6), 4, 6)
                .scalar("low", low)
                .scalar("high", high);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @Test
    void clipsOnOneSide() throws Exception {
        SmallGraph graph = SmallGraph.of(13, node("Clip", List.of("x", "", "high")))
                .operand("x", numbers(7, 4, 6), 4, 6)
                .scalar("high", 0.5f);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @Test
    void prelu() throws Exception {
        SmallGraph.of(16, node("PRelu", List.of("x", "leak")))
                .operand("x", numbers(9, 2, 3, 4), 2, 3, 4)
                .operand("leak", numbers(10, 3, 1), 3, 1)
                .agreesWithDifferences(
                        operands -> {
                            double[] y = operands[0].clone();
                            for (int i = 0; i < y.length; i++) {
                                y[i] = y[i] > 0 ? y[i] : y[i] * operands[1][i / 4 % 3];
                            }
                            return y;
                        },
                        STEP,
                        2e-6);
    }

    @Test
    void where() throws Exception {
        SmallGraph graph = SmallGraph.of(16, node("Where", List.of("condition", "a", "b")))
                .booleans("condition", new boolean[] {true, false, false, true}, 2, 1, 2)
                .operand("a", numbers(1, 3, 2), 3, 2)
                .operand("b", numbers(2, 2, 1, 1), 2, 1, 1);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @Test
    void top() throws Exception {
        SmallGraph graph = SmallGraph.of(
                        13, node("TopK", List.of("x", "k"), List.of("y", "places"), Attributes.of("axis", 1L)))
                .operand("x", SmallGraph.distinct(3, 2, 5, 3), 2, 5, 3)
                .longs("k", 2);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    /** As {@code torch.autograd} of PyTorch 2.13 has them, for the sum of the results. */
    @Test
    void tiesAreBrokenAsInPyTorch() throws Exception {
        assertThat(at("Relu", 0, 1)).containsExactly(0, 1);
        assertThat(at("Abs", 0, -1, 2)).containsExactly(0, -1, 1);
        assertThat(at("HardSwish", -3, 3, 0)).containsExactly(0, 1, 0.5);
        assertThat(at("HardSigmoid", -2.5, 2.5)).containsExactly(0, 0);
        assertThat(at("Elu", 0, 1)).containsExactly(1, 1);
        assertThat(at("Celu", 0, 1)).containsExactly(1, 1);
        assertThat(at("LeakyRelu", 0)).containsExactly(0.01f);
        assertThat(at("Selu", 0, 1)).containsExactly(1.7580993175506592, 1.0507010221481323);
        assertThat(at("ThresholdedRelu", 1, 2)).containsExactly(0, 1);
        assertThat(at("Sqrt", 0, 0.25)).containsExactly(Double.POSITIVE_INFINITY, 1);
        assertThat(clip(0, 6, 3)).containsExactly(0, 0, 1); // relu6
        assertThat(pair("PRelu", new double[] {0, 1, -1}, new double[] {0.25, 0.25, 0.25}, "a"))
                .containsExactly(0.25, 1, 0.25);
    }

    private static double[] clip(double... x) throws Exception {
        return SmallGraph.of(13, node("Clip", List.of("x", "low", "high")))
                .operand("x", x, x.length)
                .scalar("low", 0)
                .scalar("high", 6)
                .gradient("x");
    }

    /** As {@code torch.maximum} and {@code torch.minimum} of PyTorch 2.13. */
    @Test
    void equalsShareASlope() throws Exception {
        double[] a = {1, 2, 3};
        double[] b = {1, 1, 4};
        assertThat(pair("Max", a, b, "a")).containsExactly(0.5, 1, 0);
        assertThat(pair("Max", a, b, "b")).containsExactly(0.5, 0, 1);
        assertThat(pair("Min", a, b, "a")).containsExactly(0.5, 0, 1);
        assertThat(pair("Min", a, b, "b")).containsExactly(0.5, 1, 0);
    }

    /** As PyTorch 2.13: {@code x ** e} with tensors, {@code softplus}, {@code mish}. */
    @Test
    void nothingIsLostAtTheEdges() throws Exception {
        double[] base = {0, 0, 2, 0};
        double[] exponent = {0, 1, 0, 2};
        assertThat(pair("Pow", base, exponent, "a")).containsExactly(0, 1, 0, 0);
        assertThat(pair("Pow", base, exponent, "b")).containsExactly(0, 0, 0.6931471824645996, 0);
        assertThat(at("Softplus", -200, 200, 0)).containsExactly(0, 1, 0.5);
        assertThat(at("Mish", -200, 200, 0)).containsExactly(0, 1, 0.6000000238418579);
        assertThat(at("Sigmoid", -200, 200)).containsExactly(0, 0);
        assertThat(at("Gelu", -200, 200)).containsExactly(0, 1);
        assertThat(at("Elu", -200, 200)).containsExactly(0, 1);
    }

    private static double[] at(String operator, double... x) throws Exception {
        return SmallGraph.of(20, node(operator, List.of("x")))
                .operand("x", x, x.length)
                .gradient("x");
    }

    private static double[] pair(String operator, double[] a, double[] b, String operand) throws Exception {
        return SmallGraph.of(17, node(operator, List.of("a", "b")))
                .operand("a", a, a.length)
                .operand("b", b, b.length)
                .gradient(operand);
    }
}
