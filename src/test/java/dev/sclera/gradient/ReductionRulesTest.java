package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.between;
import static dev.sclera.gradient.SmallGraph.distinct;
import static dev.sclera.gradient.SmallGraph.node;
import static dev.sclera.gradient.SmallGraph.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of reductions, softmax and cumulative sums, against central differences in float64. */
class ReductionRulesTest {

    private static final double STEP = 1e-5;

    private static void agrees(SmallGraph graph) throws Exception {
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 3e-6);
    }

    static Stream<Arguments> reductions() {
        return Stream.of("Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare")
                .flatMap(kind -> Stream.of(
                        Arguments.of(kind, new long[] {1}, 1L),
                        Arguments.of(kind, new long[] {-1, 0}, 0L),
                        Arguments.of(kind, new long[] {0, 1, 2}, 0L)));
    }

    private static double[] values(String kind) {
        return switch (kind) {
            case "LogSum", "Prod" -> between(0.5, 2, 4, 24);
            case "Max", "Min", "L1" -> distinct(4, 2, 3, 4);
            default -> numbers(4, 2, 3, 4);
        };
    }

    @ParameterizedTest(name = "Reduce{0} {1} {2}")
    @MethodSource("reductions")
    void reductionsByAnAttribute(String kind, long[] axes, long keep) throws Exception {
        if (kind.equals("Sum")) {
            return; // since opset 13 it takes an input
        }
        agrees(SmallGraph.of(
                        13,
                        node(
                                "Reduce" + kind,
                                List.of("x"),
                                Attributes.of("axes", axes),
                                Attributes.of("keepdims", keep)))
                .operand("x", nudged(kind), 2, 3, 4));
    }

    @ParameterizedTest(name = "Reduce{0} {1} {2}")
    @MethodSource("reductions")
    void reductionsByAnInput(String kind, long[] axes, long keep) throws Exception {
        agrees(SmallGraph.of(18, node("Reduce" + kind, List.of("x", "axes"), Attributes.of("keepdims", keep)))
                .operand("x", nudged(kind), 2, 3, 4)
                .longs("axes", axes));
    }

    private static double[] nudged(String kind) {
        double[] values = values(kind);
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] == 0 ? 0.03125 : values[i];
        }
        return values;
    }

    @Test
    void reductionsOfAllAxes() throws Exception {
        agrees(SmallGraph.of(13, node("ReduceMean", List.of("x"))).operand("x", numbers(4, 2, 3, 4), 2, 3, 4));
    }

    @ParameterizedTest
    @CsvSource({"Softmax,-1", "Softmax,1", "Softmax,0", "LogSoftmax,-1", "LogSoftmax,1"})
    void softmax(String operator, long axis) throws Exception {
        agrees(SmallGraph.of(13, node(operator, List.of("x"), Attributes.of("axis", axis)))
                .operand("x", numbers(4, 2, 3, 4), 2, 3, 4));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "1,0", "1,1"})
    void cumulativeSums(long reverse, long exclusive) throws Exception {
        agrees(SmallGraph.of(
                        14,
                        node(
                                "CumSum",
                                List.of("x", "axis"),
                                Attributes.of("reverse", reverse),
                                Attributes.of("exclusive", exclusive)))
                .operand("x", numbers(4, 2, 3, 4), 2, 3, 4)
                .longs("axis", new long[] {1}));
    }

    /**
     * As {@code x.amax(0)}, {@code x.amin(0)}, {@code x.norm(1)}, {@code x.norm(2)}, {@code x.logsumexp(0)} of PyTorch
     * 2.13.
     */
    @Test
    void tiesAndOriginsAreAsInPyTorch() throws Exception {
        assertThat(of("ReduceMax", 1, 1, 0)).containsExactly(0.5, 0.5, 0);
        assertThat(of("ReduceMin", 1, 1, 3)).containsExactly(0.5, 0.5, 0);
        assertThat(of("ReduceL1", 0, -1)).containsExactly(0, -1);
        assertThat(of("ReduceL2", 0, 0)).containsExactly(0, 0);
        // the logarithm of 2 is lost in part beside 1000
        assertThat(of("ReduceLogSumExp", 1000, 1000, -1000)).containsExactly(0.4999854564666748, 0.4999854564666748, 0);
    }

    /** As {@code x.prod()} of PyTorch 2.13. */
    @Test
    void productsWithZerosAreAsInPyTorch() throws Exception {
        assertThat(of("ReduceProd", 0, 2, 3)).containsExactly(6, 0, 0);
        assertThat(of("ReduceProd", 0, 0, 3)).containsExactly(0, 0, 0);
    }

    private static double[] of(String operator, double... x) throws Exception {
        return SmallGraph.of(13, node(operator, List.of("x")))
                .operand("x", x, x.length)
                .gradient("x");
    }
}
