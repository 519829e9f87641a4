package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.distinct;
import static dev.sclera.gradient.SmallGraph.eighths;
import static dev.sclera.gradient.SmallGraph.node;
import static dev.sclera.gradient.SmallGraph.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules of convolutions and pooling, of seeded geometries. What is linear is computed by the runtime in float32, on
 * eighths, where it is exact: it has no float64 kernels of these.
 */
class WindowRulesTest {

    /** A geometry drawn from a seed. */
    private record Draw(long[] kernel, long[] strides, long[] dilations, long[] pads, long[] image) {

        static Draw of(long seed) {
            Random random = new Random(seed);
            long[] kernel = new long[2];
            long[] strides = new long[2];
            long[] dilations = new long[2];
            long[] pads = new long[4];
            long[] image = new long[2];
            for (int axis = 0; axis < 2; axis++) {
                kernel[axis] = 1 + random.nextInt(3);
                strides[axis] = 1 + random.nextInt(3);
                dilations[axis] = 1 + random.nextInt(2);
                pads[axis] = random.nextInt((int) kernel[axis]);
                pads[axis + 2] = random.nextInt((int) kernel[axis]);
                image[axis] = dilations[axis] * (kernel[axis] - 1) + 1 + random.nextInt(4);
            }
            return new Draw(kernel, strides, dilations, pads, image);
        }

        AttributeProto[] attributes(AttributeProto... more) {
            List<AttributeProto> attributes = new ArrayList<>(List.of(
                    Attributes.of("kernel_shape", kernel),
                    Attributes.of("strides", strides),
                    Attributes.of("dilations", dilations),
                    Attributes.of("pads", pads)));
            attributes.addAll(List.of(more));
            return attributes.toArray(AttributeProto[]::new);
        }
    }

    static long[] seeds() {
        return java.util.stream.LongStream.range(0, 12).toArray();
    }

    private static long[] shape(long n, long c, long[] image) {
        return new long[] {n, c, image[0], image[1]};
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void convolutions(long seed) throws Exception {
        Draw draw = Draw.of(seed);
        long groups = new long[] {1, 2, 4}[(int) (seed % 3)];
        long[] x = shape(2, 4, draw.image());
        long[] w = shape(4, 4 / groups, draw.kernel());
        SmallGraph graph = SmallGraph.of(
                        13, node("Conv", List.of("x", "w"), draw.attributes(Attributes.of("group", groups))))
                .operand("x", eighths(seed, x), x)
                .fixed("w", eighths(seed + 1, w), w);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    /** As a network's first one is; the phases of some are computed several at a time. */
    @ParameterizedTest
    @CsvSource({"7,7,2,2,3,21,18", "7,7,2,2,3,24,24", "5,7,2,3,2,17,23", "4,4,4,4,0,16,19", "6,1,2,1,2,15,5"})
    void stridedConvolutionsOfFewChannels(
            long rows, long columns, long down, long across, long pad, long height, long width) throws Exception {
        long[] x = {2, 3, height, width};
        long[] w = {5, 3, rows, columns};
        long before = Math.min(pad, columns - 1);
        SmallGraph graph = SmallGraph.of(
                        13,
                        node(
                                "Conv",
                                List.of("x", "w"),
                                Attributes.of("kernel_shape", new long[] {rows, columns}),
                                Attributes.of("strides", new long[] {down, across}),
                                Attributes.of("pads", new long[] {pad, before, pad, 0})))
                .operand("x", eighths(1, x), x)
                .fixed("w", eighths(2, w), w);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    /** As where a residual block begins: the phases of what they say of one image are added up. */
    @Test
    void imagesThatSeveralStridedConvolutionsSee() throws Exception {
        long[] x = {2, 8, 7, 10};
        SmallGraph graph = SmallGraph.of(
                        13,
                        strided("wide", "a", 3, 2, 1),
                        strided("narrow", "b", 1, 2, 0),
                        strided("other", "c", 4, 3, 0),
                        node("GlobalAveragePool", List.of("c"), List.of("mean")),
                        node("Sum", List.of("a", "b", "mean")))
                .operand("x", eighths(1, x), x)
                .fixed("wide", eighths(2, 8, 8, 3, 3), 8, 8, 3, 3)
                .fixed("narrow", eighths(3, 8, 8, 1, 1), 8, 8, 1, 1)
                .fixed("other", eighths(4, 8, 8, 4, 4), 8, 8, 4, 4);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-5);
    }

    private static NodeProto strided(String weight, String output, long kernel, long stride, long pad) {
        NodeProto conv = node(
                "Conv",
                List.of("x", weight),
                List.of(output),
                Attributes.of("kernel_shape", new long[] {kernel, kernel}),
                Attributes.of("strides", new long[] {stride, stride}),
                Attributes.of("pads", new long[] {pad, pad, pad, pad}));
        return conv.toBuilder().setName(output).build();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void convolutionsBehindAPaddingOfTheirOwn(long seed) throws Exception {
        Draw draw = Draw.of(seed);
        Random random = new Random(seed);
        long[] around = {0, 0, random.nextInt(3), random.nextInt(3), 0, 0, random.nextInt(3), random.nextInt(3)};
        long[] x = shape(2, 4, draw.image());
        long[] w = shape(4, 4, draw.kernel());
        SmallGraph graph = SmallGraph.of(
                        13,
                        node("Pad", List.of("x", "around"), List.of("padded")),
                        node("Conv", List.of("padded", "w"), draw.attributes()))
                .longs("around", around)
                .operand("x", eighths(seed, x), x)
                .fixed("w", eighths(seed + 1, w), w);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER,1", "SAME_UPPER,2", "SAME_LOWER,2", "SAME_LOWER,3", "VALID,2"})
    void convolutionsThatPadThemselves(String auto, long stride) throws Exception {
        SmallGraph graph = SmallGraph.of(
                        13,
                        node(
                                "Conv",
                                List.of("x", "w"),
                                Attributes.of("auto_pad", auto),
                                Attributes.of("strides", new long[] {stride, stride})))
                .operand("x", eighths(1, 1, 2, 6, 5), 1, 2, 6, 5)
                .fixed("w", eighths(2, 3, 2, 3, 2), 3, 2, 3, 2);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void transposedConvolutions(long seed) throws Exception {
        Draw draw = Draw.of(seed);
        long groups = 1 + seed % 2;
        long[] pads = draw.pads().clone();
        long[] x = shape(2, 4, new long[] {3, 4});
        long[] w = shape(4, 3, draw.kernel());
        for (int axis = 0; axis < 2; axis++) {
            // something must be left
            boolean room = draw.dilations()[axis] * (draw.kernel()[axis] - 1) >= pads[axis] + pads[axis + 2];
            pads[axis + 2] = room ? pads[axis + 2] : 0;
        }
        long[] extra = {seed % draw.strides()[0], (seed + 1) % draw.strides()[1]};
        SmallGraph graph = SmallGraph.of(
                        13,
                        node(
                                "ConvTranspose",
                                List.of("x", "w", "b"),
                                Attributes.of("kernel_shape", draw.kernel()),
                                Attributes.of("strides", draw.strides()),
                                Attributes.of("dilations", draw.dilations()),
                                Attributes.of("pads", pads),
                                Attributes.of("output_padding", extra),
                                Attributes.of("group", groups)))
                .operand("x", eighths(seed, x), x)
                .operand("w", eighths(seed + 1, w), w)
                .operand("b", eighths(seed + 2, 3 * groups), 3 * groups);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER,2", "SAME_LOWER,2", "SAME_UPPER,3", "SAME_LOWER,3", "VALID,2"})
    void transposedConvolutionsThatPadThemselves(String auto, long stride) throws Exception {
        SmallGraph graph = SmallGraph.of(
                        13,
                        node(
                                "ConvTranspose",
                                List.of("x", "w"),
                                Attributes.of("auto_pad", auto),
                                Attributes.of("strides", new long[] {stride, stride})))
                .operand("x", eighths(1, 1, 2, 3, 2), 1, 2, 3, 2)
                .operand("w", eighths(2, 2, 3, 3, 4), 2, 3, 3, 4);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    @Test
    void transposedConvolutionsToAGivenShape() throws Exception {
        SmallGraph graph = SmallGraph.of(
                        13,
                        node(
                                "ConvTranspose",
                                List.of("x", "w"),
                                Attributes.of("output_shape", new long[] {6, 4}),
                                Attributes.of("strides", new long[] {2, 2})))
                .operand("x", eighths(1, 1, 2, 3, 2), 1, 2, 3, 2)
                .operand("w", eighths(2, 2, 3, 3, 3), 2, 3, 3, 3);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void maxima(long seed) throws Exception {
        Draw draw = Draw.of(seed);
        long[] x = shape(2, 2, draw.image());
        SmallGraph graph = SmallGraph.of(
                        12, node("MaxPool", List.of("x"), draw.attributes(Attributes.of("ceil_mode", seed % 2))))
                .operand("x", distinct(seed, x), x);
        graph.agreesWithDifferences(graph.inDoubles(), 1e-3, 1e-6);
    }

    /** What is seen of it besides the pooling has a slope of its own. */
    @ParameterizedTest
    @MethodSource("seeds")
    void maximaOfWhatIsRectified(long seed) throws Exception {
        Draw draw = Draw.of(seed);
        long[] x = shape(2, 2, draw.image());
        SmallGraph graph = SmallGraph.of(
                        12,
                        node("Relu", List.of("x"), List.of("rectified")),
                        node(
                                "MaxPool",
                                List.of("rectified"),
                                List.of("maxima"),
                                draw.attributes(Attributes.of("ceil_mode", seed % 2))),
                        node("ReduceMean", List.of("rectified"), List.of("mean"), Attributes.of("axes", new long[] {2, 3
                        })),
                        node("Add", List.of("maxima", "mean")))
                .operand("x", besideZero(distinct(seed, x)), x);
        graph.agreesWithDifferences(graph.inDoubles(), 1e-3, 1e-6);
    }

    /** Moved off the kink. */
    private static double[] besideZero(double[] values) {
        return Arrays.stream(values).map(value -> (float) (value + 0.05)).toArray();
    }

    private static SmallGraph rectifiedAndPooled(AttributeProto... geometry) {
        return SmallGraph.of(
                12, node("Relu", List.of("x"), List.of("rectified")), node("MaxPool", List.of("rectified"), geometry));
    }

    @Test
    void aMaximumOfNothingAboveZeroHasNoSlope() throws Exception {
        assertThat(rectifiedAndPooled(Attributes.of("kernel_shape", new long[] {1, 2}))
                        .operand("x", new double[] {-1, 0, -2, 3}, 1, 1, 1, 4)
                        .gradient("x"))
                .containsExactly(0, 0, 0, 1);
    }

    /** Where a phase has no pixel at all, and where windows reach beyond the image. */
    @ParameterizedTest
    @CsvSource({"1,3,2,2,1,0,0,1", "2,2,2,3,1,1,0,0", "2,2,2,3,2,0,1,0"})
    void maximaOfImagesThatAreSmallerThanTheirWindows(
            long height, long width, long kernel, long stride, long dilation, long before, long after, long ceil)
            throws Exception {
        SmallGraph graph = rectifiedAndPooled(
                        Attributes.of("kernel_shape", new long[] {kernel, kernel}),
                        Attributes.of("strides", new long[] {stride, stride}),
                        Attributes.of("dilations", new long[] {dilation, dilation}),
                        Attributes.of("pads", new long[] {before, before, after, after}),
                        Attributes.of("ceil_mode", ceil))
                .operand("x", besideZero(distinct(3, 1, 2, height, width)), 1, 2, height, width);
        graph.agreesWithDifferences(graph.inDoubles(), 1e-3, 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER"})
    void maximaThatPadThemselves(String auto) throws Exception {
        SmallGraph graph = SmallGraph.of(
                        12,
                        node(
                                "MaxPool",
                                List.of("x"),
                                Attributes.of("auto_pad", auto),
                                Attributes.of("kernel_shape", new long[] {3, 2}),
                                Attributes.of("strides", new long[] {2, 2})))
                .operand("x", distinct(1, 1, 2, 6, 5), 1, 2, 6, 5);
        graph.agreesWithDifferences(graph.inDoubles(), 1e-3, 1e-6);
    }

    /** As {@code max_pool1d(x, 3, 1)} of PyTorch 2.13. */
    @Test
    void theFirstOfEqualsInAWindowHasTheSlope() throws Exception {
        assertThat(SmallGraph.of(12, node("MaxPool", List.of("x"), Attributes.of("kernel_shape", new long[] {1, 3})))
                        .operand("x", new double[] {1, 1, 1, 0}, 1, 1, 1, 4)
                        .gradient("x"))
                .containsExactly(1, 1, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void averages(long seed) throws Exception {
        Draw draw = Draw.of(seed);
        long[] x = shape(2, 2, draw.image());
        SmallGraph graph = SmallGraph.of(
                        19,
                        node(
                                "AveragePool",
                                List.of("x"),
                                draw.attributes(
                                        Attributes.of("ceil_mode", seed % 2),
                                        Attributes.of("count_include_pad", seed / 2 % 2))))
                .operand("x", eighths(seed, x), x);
        graph.agreesWithDifferences(graph.inFloats(), 1, 2e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER"})
    void averagesThatPadThemselves(String auto) throws Exception {
        SmallGraph graph = SmallGraph.of(
                        12,
                        node(
                                "AveragePool",
                                List.of("x"),
                                Attributes.of("auto_pad", auto),
                                Attributes.of("kernel_shape", new long[] {3, 2}),
                                Attributes.of("strides", new long[] {2, 2})))
                .operand("x", eighths(1, 1, 2, 6, 5), 1, 2, 6, 5);
        graph.agreesWithDifferences(graph.inFloats(), 1, 2e-6);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 1"})
    void norms(long p, int stride) throws Exception {
        SmallGraph.of(
                        18,
                        node(
                                "LpPool",
                                List.of("x"),
                                Attributes.of("p", p),
                                Attributes.of("kernel_shape", new long[] {2, 1}),
                                Attributes.of("pads", new long[] {1, 0, 0, 0}),
                                Attributes.of("strides", new long[] {stride, 1})))
                .operand("x", distinct(1, 1, 2, 5, 2), 1, 2, 5, 2)
                .agreesWithDifferences(operands -> norms(operands[0], p, stride), 1e-5, 1e-5);
    }

    /** Of two planes of five rows of two, a row of zeros before each, over windows of two rows. */
    private static double[] norms(double[] x, long p, int stride) {
        int rows = (5 + 1 - 2) / stride + 1;
        double[] y = new double[2 * rows * 2];
        for (int i = 0; i < y.length; i++) {
            int first = i / 2 % rows * stride - 1;
            for (int row = Math.max(0, first); row <= first + 1; row++) {
                y[i] += Math.pow(Math.abs(x[i / (2 * rows) * 10 + row * 2 + i % 2]), p);
            }
            y[i] = Math.pow(y[i], 1.0 / p);
        }
        return y;
    }

    /** As {@code lp_pool1d(x, 2, 2)} of PyTorch 2.13. */
    @Test
    void theNormOfZerosHasNoSlope() throws Exception {
        double[] x = {0, 0, 3, 4};
        assertThat(SmallGraph.of(
                                18,
                                node(
                                        "LpPool",
                                        List.of("x"),
                                        Attributes.of("kernel_shape", new long[] {1, 2}),
                                        Attributes.of("strides", new long[] {1, 2})))
                        .operand("x", x, 1, 1, 1, 4)
                        .gradient("x"))
                .containsExactly(0, 0, 0.6f, 0.8f);
    }

    @Test
    void globalPooling() throws Exception {
        SmallGraph average = SmallGraph.of(13, node("GlobalAveragePool", List.of("x")))
                .operand("x", eighths(1, 2, 3, 2, 2), 2, 3, 2, 2);
        average.agreesWithDifferences(average.inFloats(), 1, 2e-6);
        SmallGraph.of(13, node("GlobalMaxPool", List.of("x")))
                .operand("x", distinct(1, 2, 3, 2, 2), 2, 3, 2, 2)
                .agreesWithDifferences(
                        operands -> planes(
                                operands[0],
                                values -> Arrays.stream(values).max().orElseThrow()),
                        1e-3,
                        1e-6);
        SmallGraph.of(13, node("GlobalLpPool", List.of("x"), Attributes.of("p", 3L)))
                .operand("x", numbers(1, 2, 3, 2, 2), 2, 3, 2, 2)
                .agreesWithDifferences(
                        operands -> planes(
                                operands[0],
                                values -> Math.cbrt(Arrays.stream(values)
                                        .map(v -> Math.abs(v * v * v))
                                        .sum())),
                        1e-5,
                        1e-5);
        assertThat(SmallGraph.of(13, node("GlobalMaxPool", List.of("x")))
                        .operand("x", new double[] {1, 1, 0}, 1, 1, 3)
                        .gradient("x"))
                .as("the first of equals, as in PyTorch's adaptive_max_pool1d")
                .containsExactly(1, 0, 0);
    }

    private static double[] planes(double[] x, java.util.function.ToDoubleFunction<double[]> of) {
        double[] y = new double[x.length / 4];
        for (int plane = 0; plane < y.length; plane++) {
            y[plane] = of.applyAsDouble(Arrays.copyOfRange(x, 4 * plane, 4 * plane + 4));
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 0", "2, 1, 2, 1", "3, 2, 1, 2"})
    void windowsOnOneAxis(long stride, long dilation, long groups, long pad) throws Exception {
        AttributeProto[] geometry = {
            Attributes.of("kernel_shape", new long[] {3}),
            Attributes.of("strides", new long[] {stride}),
            Attributes.of("dilations", new long[] {dilation}),
            Attributes.of("pads", new long[] {pad, 1})
        };
        AttributeProto[] grouped = Arrays.copyOf(geometry, 5);
        grouped[4] = Attributes.of("group", groups);
        SmallGraph convolution = SmallGraph.of(19, node("Conv", List.of("x", "w"), grouped))
                .operand("x", eighths(1, 2, 4, 9), 2, 4, 9)
                .fixed("w", eighths(2, 6, 4 / groups, 3), 6, 4 / groups, 3);
        convolution.agreesWithDifferences(convolution.inFloats(), 0.5, 1e-6);
        SmallGraph maximum =
                SmallGraph.of(19, node("MaxPool", List.of("x"), geometry)).operand("x", distinct(1, 2, 2, 9), 2, 2, 9);
        maximum.agreesWithDifferences(maximum.inDoubles(), 1e-3, 1e-6);
        SmallGraph average = SmallGraph.of(19, node("AveragePool", List.of("x"), geometry))
                .operand("x", eighths(1, 2, 2, 9), 2, 2, 9);
        average.agreesWithDifferences(average.inFloats(), 1, 2e-6);
    }

    /** A kernel that another node reads too stays as it is for that one. */
    @Test
    void aKernelOnOneAxisIsShared() throws Exception {
        SmallGraph graph = SmallGraph.of(
                        19,
                        node("Conv", List.of("x", "w"), List.of("convolved")),
                        node("ReduceMax", List.of("w"), List.of("largest"), Attributes.of("keepdims", 0L)),
                        node("Mul", List.of("convolved", "largest")))
                .operand("x", eighths(1, 1, 2, 5), 1, 2, 5)
                .fixed("w", eighths(2, 3, 2, 2), 3, 2, 2);
        graph.agreesWithDifferences(graph.inFloats(), 0.5, 1e-6);
    }
}
