package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The slopes of a convolution's kernel, bias and input, all fed at run time, against the sums over taps and positions
 * that define them, in float64: seeded shapes, strides, dilations, pads and groups.
 */
class ConvParameterGradientsTest {

    private record Shape(
            int images,
            int channels,
            int outputs,
            int groups,
            int[] size,
            int[] kernel,
            int[] stride,
            int[] dilation,
            int[] pads) {

        static Shape random(long seed) {
            Random random = new Random(seed);
            int groups = 1 + random.nextInt(3);
            int perGroup = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(3);
            int outputsPerGroup = perGroup == 1 && random.nextBoolean() ? 1 : 1 + random.nextInt(4);
            int[] kernel = {1 + random.nextInt(3), 1 + random.nextInt(4)};
            int[] dilation = {1 + random.nextInt(2), 1 + random.nextInt(2)};
            return new Shape(
                    1 + random.nextInt(3),
                    groups * perGroup,
                    groups * outputsPerGroup,
                    groups,
                    new int[] {7 + random.nextInt(4), 8 + random.nextInt(4)},
                    kernel,
                    new int[] {1 + random.nextInt(3), 1 + random.nextInt(2)},
                    dilation,
                    IntStream.range(0, 4)
                            .map(i -> random.nextInt((kernel[i % 2] - 1) * dilation[i % 2] + 1))
                            .toArray());
        }

        int output(int axis) {
            int reach = dilation[axis] * (kernel[axis] - 1) + 1;
            return (size[axis] + pads[axis] + pads[axis + 2] - reach) / stride[axis] + 1;
        }

        long[] x() {
            return new long[] {images, channels, size[0], size[1]};
        }

        long[] w() {
            return new long[] {outputs, channels / groups, kernel[0], kernel[1]};
        }

        long[] y() {
            return new long[] {images, outputs, output(0), output(1)};
        }
    }

    /** Few positions and many channels, which take another formulation. */
    static Stream<Shape> wide() {
        int[] one = {1, 1};
        return Stream.of(
                new Shape(2, 16, 24, 1, new int[] {2, 3}, new int[] {3, 3}, one, one, new int[] {1, 1, 1, 1}),
                new Shape(3, 16, 24, 1, new int[] {4, 3}, new int[] {3, 3}, new int[] {2, 2}, one, new int[] {1, 1, 1, 1
                }),
                new Shape(3, 24, 32, 1, new int[] {2, 2}, one, one, one, new int[4]),
                new Shape(2, 3, 4, 1, new int[] {24, 24}, new int[] {3, 3}, one, one, new int[] {1, 1, 1, 1}),
                new Shape(
                        2, 3, 3, 3, new int[] {9, 8}, new int[] {5, 5}, new int[] {2, 2}, one, new int[] {2, 2, 2, 2}));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void followTheirDefinition(long seed) throws Exception {
        check(Shape.random(seed), seed);
    }

    @ParameterizedTest
    @MethodSource("wide")
    void followTheirDefinitionInEveryFormulation(Shape shape) throws Exception {
        check(shape, 1);
    }

    private static void check(Shape shape, long seed) throws Exception {
        Random random = new Random(seed);
        float[] x = values(shape.x(), random);
        float[] w = values(shape.w(), random);
        float[] slope = values(shape.y(), random);
        Map<String, TensorProto> inputs = Map.of(
                "x", Tensors.of("x", x, shape.x()),
                "w", Tensors.of("w", w, shape.w()),
                "b", Tensors.of("b", new float[shape.outputs()], shape.outputs()),
                "slope", Tensors.of("slope", slope, shape.y()));
        double[] ofX = new double[x.length];
        double[] ofW = new double[w.length];
        double[] ofB = new double[shape.outputs()];
        define(shape, x, w, slope, ofX, ofW, ofB);
        for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
            Map<String, float[]> outputs = Runtime.run(graph(shape), level, inputs);
            close(outputs.get("of_x"), ofX, "input of " + shape);
            close(outputs.get("of_w"), ofW, "kernel of " + shape);
            close(outputs.get("of_b"), ofB, "bias of " + shape);
        }
    }

    private static ModelProto graph(Shape shape) {
        GraphProto.Builder conv = GraphProto.newBuilder().setName("conv");
        conv.addInput(SmallNet.value("x", shape.x()))
                .addInput(SmallNet.value("w", shape.w()))
                .addInput(SmallNet.value("b", shape.outputs()))
                .addOutput(SmallNet.value("y", shape.y()));
        new GraphBuilder(conv, 17, "")
                .addNamed(
                        "y",
                        "Conv",
                        List.of("x", "w", "b"),
                        Attributes.of("strides", longs(shape.stride())),
                        Attributes.of("dilations", longs(shape.dilation())),
                        Attributes.of("pads", longs(shape.pads())),
                        Attributes.of("group", (long) shape.groups()));
        StaticGraph forward = StaticGraph.of(SmallNet.model(conv), shape.images(), Set.of("w", "b"));
        GraphProto.Builder graph = forward.model().getGraph().toBuilder().clearOutput();
        GraphBuilder builder = new GraphBuilder(graph, 17);
        BackwardPass pass = new BackwardPass(forward, builder, Set.of("x", "w", "b"));
        graph.addInput(SmallNet.value("slope", shape.y()));
        pass.run(Map.of("y", "slope"));
        for (String input : List.of("x", "w", "b")) {
            builder.addNamed(
                    "of_" + input, "Identity", List.of(pass.slope(input).orElseThrow()));
        }
        graph.addOutput(SmallNet.value("of_x", shape.x()))
                .addOutput(SmallNet.value("of_w", shape.w()))
                .addOutput(SmallNet.value("of_b", shape.outputs()));
        return SmallNet.model(graph);
    }

    private static void define(Shape s, float[] x, float[] w, float[] slope, double[] ofX, double[] ofW, double[] ofB) {
        int perGroup = s.channels() / s.groups();
        for (int i = 0; i < slope.length; i++) {
            int column = i % s.output(1);
            int row = i / s.output(1) % s.output(0);
            int output = i / s.output(1) / s.output(0) % s.outputs();
            int image = i / s.output(1) / s.output(0) / s.outputs();
            ofB[output] += slope[i];
            for (int tap = 0; tap < perGroup * s.kernel()[0] * s.kernel()[1]; tap++) {
                int down = row * s.stride()[0] - s.pads()[0] + tap / s.kernel()[1] % s.kernel()[0] * s.dilation()[0];
                int across = column * s.stride()[1] - s.pads()[1] + tap % s.kernel()[1] * s.dilation()[1];
                if (down >= 0 && down < s.size()[0] && across >= 0 && across < s.size()[1]) {
                    int channel = output / (s.outputs() / s.groups()) * perGroup + tap / s.kernel()[1] / s.kernel()[0];
                    int at = ((image * s.channels() + channel) * s.size()[0] + down) * s.size()[1] + across;
                    int weight = output * perGroup * s.kernel()[0] * s.kernel()[1] + tap;
                    ofX[at] += (double) slope[i] * w[weight];
                    ofW[weight] += (double) slope[i] * x[at];
                }
            }
        }
    }

    private static void close(float[] actual, double[] expected, String what) {
        float[] single = new float[expected.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = (float) expected[i];
        }
        assertThat(Errors.relative(actual, single)).as(what).isLessThan(1e-5);
    }

    private static float[] values(long[] shape, Random random) {
        float[] values = new float[Tensors.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static long[] longs(int[] values) {
        return IntStream.of(values).asLongStream().toArray();
    }
}
