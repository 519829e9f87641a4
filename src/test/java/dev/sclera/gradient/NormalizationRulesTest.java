package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.node;
import static dev.sclera.gradient.SmallGraph.numbers;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of normalisations, against central differences of their definitions, written here in float64. */
class NormalizationRulesTest {

    private static final double STEP = 1e-5;

    /** {@code scale·(x − mean)/√(variance + 1e-5) + bias}; runs of values are normalised together. */
    private static double[] normalised(double[][] operands, int run, IntUnaryOperator parameter) {
        double[] x = operands[0];
        double[] y = new double[x.length];
        for (int start = 0; start < x.length; start += run) {
            double mean = 0;
            double square = 0;
            for (int i = start; i < start + run; i++) {
                mean += x[i] / run;
            }
            for (int i = start; i < start + run; i++) {
                square += (x[i] - mean) * (x[i] - mean) / run;
            }
            for (int i = start; i < start + run; i++) {
                int at = parameter.applyAsInt(i);
                y[i] = operands[1][at] * (x[i] - mean) / Math.sqrt(square + 1e-5f) + operands[2][at];
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"-1, 4", "1, 12", "2, 4"})
    void layer(long axis, int run) throws Exception {
        long[] parameters = run == 12 ? new long[] {3, 4} : new long[] {4};
        SmallGraph.of(17, node("LayerNormalization", List.of("x", "scale", "bias"), Attributes.of("axis", axis)))
                .operand("x", numbers(1, 2, 3, 4), 2, 3, 4)
                .operand("scale", numbers(2, parameters), parameters)
                .operand("bias", numbers(3, parameters), parameters)
                .agreesWithDifferences(operands -> normalised(operands, run, i -> i % run), STEP, 1e-5);
    }

    @Test
    void instance() throws Exception {
        SmallGraph.of(13, node("InstanceNormalization", List.of("x", "scale", "bias")))
                .operand("x", numbers(1, 2, 3, 2, 3), 2, 3, 2, 3)
                .operand("scale", numbers(2, 3), 3)
                .operand("bias", numbers(3, 3), 3)
                .agreesWithDifferences(operands -> normalised(operands, 6, i -> i / 6 % 3), STEP, 1e-5);
    }

    @Test
    void groupWithAScalePerChannel() throws Exception {
        SmallGraph.of(21, node("GroupNormalization", List.of("x", "scale", "bias"), Attributes.of("num_groups", 2L)))
                .operand("x", numbers(1, 2, 4, 2, 3), 2, 4, 2, 3)
                .operand("scale", numbers(2, 4), 4)
                .operand("bias", numbers(3, 4), 4)
                .agreesWithDifferences(operands -> normalised(operands, 12, i -> i / 6 % 4), STEP, 1e-5);
    }

    @Test
    void groupWithAScalePerGroup() throws Exception {
        SmallGraph.of(18, node("GroupNormalization", List.of("x", "scale", "bias"), Attributes.of("num_groups", 2L)))
                .operand("x", numbers(1, 2, 4, 2, 3), 2, 4, 2, 3)
                .operand("scale", numbers(2, 2), 2)
                .operand("bias", numbers(3, 2), 2)
                .agreesWithDifferences(operands -> normalised(operands, 12, i -> i / 12 % 2), STEP, 1e-5);
    }

    @Test
    void batch() throws Exception {
        SmallGraph graph = SmallGraph.of(
                        15, node("BatchNormalization", List.of("x", "scale", "bias", "mean", "variance")))
                .operand("x", numbers(1, 2, 3, 2, 2), 2, 3, 2, 2)
                .floats("scale", 1, -2, 0.5f)
                .floats("bias", 0, 1, 2)
                .floats("mean", 1, 0, -1)
                .floats("variance", 0.5f, 2, 1);
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 1e-5);
    }

    /** The runtime has odd sizes alone. */
    @ParameterizedTest
    @CsvSource({"3, 0.9, 0.75, 1", "5, 2, 1, 1", "1, 1, 0.5, 1"})
    void acrossChannels(int size, float alpha, float beta, float bias) throws Exception {
        SmallGraph.of(
                        13,
                        node(
                                "LRN",
                                List.of("x"),
                                Attributes.of("size", (long) size),
                                Attributes.of("alpha", alpha),
                                Attributes.of("beta", beta),
                                Attributes.of("bias", bias)))
                .operand("x", numbers(1, 2, 6, 2, 1), 2, 6, 2, 1)
                .agreesWithDifferences(
                        operands -> {
                            double[] x = operands[0];
                            double[] y = new double[x.length];
                            for (int i = 0; i < x.length; i++) {
                                int channel = i / 2 % 6;
                                double sum = 0;
                                int last = Math.min(5, channel + (int) Math.ceil((size - 1) / 2.0));
                                for (int other = Math.max(0, channel - (size - 1) / 2); other <= last; other++) {
                                    double value = x[i + 2 * (other - channel)];
                                    sum += value * value;
                                }
                                y[i] = x[i] / Math.pow(bias + alpha / size * sum, beta);
                            }
                            return y;
                        },
                        STEP,
                        1e-5);
    }
}
