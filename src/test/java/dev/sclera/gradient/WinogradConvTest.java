package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WinogradConvTest {

    /** What float32 rounds off a sum of some thousand products of values about 1, relative to the largest sum. */
    private static final double ROUNDING = 2e-6;

    @ParameterizedTest(name = "{0} image(s), {1} to {2} channels, {3} × {4} pixels")
    @CsvSource({"1, 128, 96, 12, 14", "3, 96, 160, 8, 6", "2, 96, 96, 2, 32", "1, 112, 96, 64, 2"})
    void convolvesAsTheTapsDo(int images, int inputs, int outputs, int height, int width) throws Exception {
        long[] image = {images, inputs, height, width};
        Random random = new Random(7L * inputs + height);
        float[] pixels = gaussian(random, images * inputs * height * width);
        float[] kernel = gaussian(random, outputs * inputs * 9);
        float[] bias = gaussian(random, outputs);
        ModelProto blocked = BlockedLayout.of(convolution(image, kernel, bias), Runtime.block());
        assertThat(blocked.getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("MatMul"))
                .as("sixteen products become four pixels")
                .hasSize(1);
        float[] actual = Runtime.run(blocked, OptLevel.ALL_OPT, Map.of("x", Tensors.of("x", pixels, image)))
                .get("y");
        float[] expected = expected(pixels, kernel, bias, images, inputs, outputs, height, width);
        assertThat(Errors.relative(actual, expected)).isLessThan(ROUNDING);
    }

    @Test
    void paysWhereChannelsAreManyAndTilesToo() {
        long[] image = {1, 128, 14, 14};
        assertThat(WinogradConv.pays(new long[] {128, 128, 3, 3}, image, 16)).isTrue();
        assertThat(WinogradConv.pays(new long[] {32, 128, 3, 3}, image, 16))
                .as("few outputs, as DenseNet's")
                .isFalse();
        assertThat(WinogradConv.pays(new long[] {64, 64, 3, 3}, new long[] {1, 64, 56, 56}, 16))
                .as("few channels")
                .isFalse();
        assertThat(WinogradConv.pays(new long[] {512, 512, 3, 3}, new long[] {1, 512, 8, 8}, 16))
                .as("sixteen tiles")
                .isFalse();
        assertThat(WinogradConv.pays(new long[] {512, 512, 3, 3}, new long[] {4, 512, 8, 8}, 16))
                .as("sixteen tiles of each of four images")
                .isTrue();
        assertThat(WinogradConv.pays(new long[] {512, 512, 3, 3}, new long[] {8, 512, 7, 7}, 16))
                .as("tiles that end beside the image")
                .isFalse();
        assertThat(WinogradConv.pays(new long[] {128, 128, 3, 3}, new long[] {1, 128, 256, 256}, 16))
                .as("a result of which eight would fill much memory")
                .isFalse();
        assertThat(WinogradConv.pays(new long[] {120, 128, 3, 3}, image, 16))
                .as("outputs that fill no block")
                .isFalse();
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static ModelProto convolution(long[] image, float[] kernel, float[] bias) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("convolution");
        GraphBuilder builder = new GraphBuilder(graph, 17);
        graph.addInput(Values.of("x", TensorProto.DataType.FLOAT_VALUE, image));
        // whose name begins as a slope's does
        builder.addNamed(
                "y",
                "Conv",
                List.of("x", builder.floats(kernel, bias.length, image[1], 3, 3), builder.floats(bias, bias.length)),
                Attributes.of("pads", new long[] {1, 1, 1, 1}));
        graph.addOutput(Values.of("y", TensorProto.DataType.FLOAT_VALUE, image[0], bias.length, image[2], image[3]));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    private static float[] expected(
            float[] pixels, float[] kernel, float[] bias, int images, int inputs, int outputs, int height, int width) {
        float[] sums = new float[images * outputs * height * width];
        for (int i = 0; i < sums.length; i++) {
            int column = i % width;
            int row = i / width % height;
            int output = i / width / height % outputs;
            int image = i / width / height / outputs;
            double sum = bias[output];
            for (int tap = 0; tap < 9; tap++) {
                int y = row + tap / 3 - 1;
                int x = column + tap % 3 - 1;
                if (y < 0 || x < 0 || y >= height || x >= width) {
                    continue;
                }
                for (int input = 0; input < inputs; input++) {
                    sum += (double) kernel[(output * inputs + input) * 9 + tap]
                            * pixels[((image * inputs + input) * height + y) * width + x];
                }
            }
            sums[i] = (float) sum;
        }
        return sums;
    }
}
