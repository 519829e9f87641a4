package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link Layers.Hidden} of transformers, made here as PyTorch's exporters write them: patches embedded by one
 * convolution; in each block self-attention, and an MLP whose hidden layer is what counts. The one exporter writes GELU
 * as operators around Erf, the other as one; the one keeps tokens in a row as a ViT has them, the other in a square as
 * a Swin has.
 */
class TransformerLayersTest {

    private static final int BLOCKS = 3;
    private static final int WIDTH = 6;
    private static final int HIDDEN = 10;

    enum Written {
        /** opset 17: Div, Erf, Add, Mul, Mul; tokens {@code [n,4,6]}. */
        VIT_OF_ERF(17, false),
        /** opset 20: Gelu; tokens {@code [n,4,6]}. */
        VIT_OF_GELU(20, false),
        /** opset 17: as above; tokens {@code [n,2,2,6]}. */
        SWIN_OF_ERF(17, true),
        /** opset 20: Gelu; tokens {@code [n,2,2,6]}. */
        SWIN_OF_GELU(20, true);

        private final int opset;
        private final boolean square;

        Written(int opset, boolean square) {
            this.opset = opset;
            this.square = square;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHiddenLayersOfATransformerAreThoseOfItsMlps(Written written) throws Exception {
        FeatureGraph graph = FeatureGraph.of(transformer(written), 1, new Layers.Hidden());
        assertThat(graph.features()).hasSize(1 + BLOCKS);
        Map<String, float[]> outputs = Runtime.run(
                graph.model(),
                OptLevel.BASIC_OPT,
                Map.of("images", Tensors.of("images", SmallNet.fill(3 * 64, 5, 1, 0), 1, 3, 8, 8)));
        assertThat(outputs.get(graph.features().get(0))).hasSize(4 * WIDTH);
        for (String feature : graph.features().subList(1, 1 + BLOCKS)) {
            float[] hidden = outputs.get(feature);
            assertThat(hidden).hasSize(4 * HIDDEN);
            double least = Double.POSITIVE_INFINITY;
            double largest = Double.NEGATIVE_INFINITY;
            for (float value : hidden) {
                least = Math.min(least, value);
                largest = Math.max(largest, value);
            }
            // GELU is never below −0.17, and what goes into it is
            assertThat(least).isBetween(-0.1701, 0.0);
            assertThat(largest).isGreaterThan(0.2);
        }
    }

    /** The loss is of all these layers, and its gradient that of differences. */
    @ParameterizedTest
    @EnumSource
    void theirLossesHaveSlopes(Written written) throws Exception {
        ModelProto model = FeatureGraph.derive(transformer(written), 1, new Layers.Hidden(), new FeatureLoss.LogNorms())
                .model();
        float[] images = SmallNet.fill(3 * 64, 5, 1, 0);
        float[] direction = SmallNet.fill(3 * 64, 20, 1, 0);
        float[] gradient = run(model, images).get(GradientGraph.GRADIENT);
        double along = 0;
        for (int i = 0; i < images.length; i++) {
            along += (double) gradient[i] * direction[i];
        }
        double step = 1e-3;
        double above = run(model, moved(images, direction, step)).get(GradientGraph.LOSSES)[0];
        double below = run(model, moved(images, direction, -step)).get(GradientGraph.LOSSES)[0];
        double difference = (above - below) / (2 * step);
        assertThat(along).isCloseTo(difference, within(2e-3 + 1e-2 * Math.abs(difference)));
    }

    @Test
    void ofANetworkOfSeveralConvolutionsTheProductsDoNotCount() {
        assertThat(FeatureGraph.of(SmallNet.classifier(), 1, new Layers.Hidden())
                        .features())
                .containsExactly("activated");
    }

    private static Map<String, float[]> run(ModelProto model, float[] images) throws Exception {
        return Runtime.run(model, OptLevel.BASIC_OPT, Map.of("images", Tensors.of("images", images, 1, 3, 8, 8)));
    }

    private static float[] moved(float[] images, float[] direction, double step) {
        float[] moved = images.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        return moved;
    }

    private static ModelProto transformer(Written written) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("transformer");
        graph.addInput(SmallNet.value("images", 1, 3, 8, 8)).addOutput(SmallNet.value("scores", 1, 5));
        GraphBuilder nodes = new GraphBuilder(graph, written.opset, "");
        String patches = nodes.add(
                "Conv",
                List.of("images", weight(nodes, 1, 0.3, WIDTH, 3, 4, 4), weight(nodes, 2, 0.1, WIDTH)),
                Attributes.of("strides", new long[] {4, 4}));
        String tokens = written.square
                ? nodes.transpose(patches, 0, 2, 3, 1)
                : nodes.transpose(nodes.reshape(patches, 1, WIDTH, 4), 0, 2, 1);
        for (int block = 0; block < BLOCKS; block++) {
            tokens = nodes.plus(tokens, attention(nodes, normalised(nodes, tokens), written.square, block));
            String hidden = linear(nodes, normalised(nodes, tokens), 30 + block, WIDTH, HIDDEN);
            String activated = written.opset < 20 ? gelu(nodes, hidden) : nodes.add("Gelu", List.of(hidden));
            tokens = nodes.plus(tokens, linear(nodes, activated, 40 + block, HIDDEN, WIDTH));
        }
        String pooled = nodes.mean(nodes.reshape(tokens, 1, 4, WIDTH), 1);
        nodes.addNamed("scores", "Identity", List.of(linear(nodes, nodes.reshape(pooled, 1, WIDTH), 50, WIDTH, 5)));
        return ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(written.opset))
                .setGraph(graph)
                .build();
    }

    private static String weight(GraphBuilder nodes, double seed, double scale, long... shape) {
        return nodes.floats(SmallNet.fill(Tensors.size(shape), seed, scale, 0), shape);
    }

    private static String normalised(GraphBuilder nodes, String tokens) {
        float[] ones = SmallNet.fill(WIDTH, 0, 0, 1);
        return nodes.add(
                "LayerNormalization",
                List.of(tokens, nodes.floats(ones, WIDTH), weight(nodes, 8, 0.1, WIDTH)),
                Attributes.of("axis", -1L));
    }

    private static String linear(GraphBuilder nodes, String tokens, double seed, long from, long to) {
        String product = nodes.add("MatMul", List.of(tokens, weight(nodes, seed, 0.7, from, to)));
        return nodes.plus(weight(nodes, seed + 0.5, 0.2, to), product);
    }

    private static String attention(GraphBuilder nodes, String tokens, boolean square, int block) {
        String row = square ? nodes.reshape(tokens, 1, 4, WIDTH) : tokens;
        String query = linear(nodes, row, 10 + block, WIDTH, WIDTH);
        String key = nodes.transpose(linear(nodes, row, 14 + block, WIDTH, WIDTH), 0, 2, 1);
        String scores = nodes.times(nodes.add("MatMul", List.of(query, key)), 0.4);
        String shares = nodes.add("Softmax", List.of(scores), Attributes.of("axis", -1L));
        String mixed = nodes.add("MatMul", List.of(shares, linear(nodes, row, 18 + block, WIDTH, WIDTH)));
        String out = linear(nodes, mixed, 22 + block, WIDTH, WIDTH);
        return square ? nodes.reshape(out, 1, 2, 2, WIDTH) : out;
    }

    private static String gelu(GraphBuilder nodes, String tensor) {
        String error = nodes.add("Erf", List.of(nodes.divide(tensor, nodes.scalar(Math.sqrt(2)))));
        return nodes.multiply(nodes.multiply(tensor, nodes.plus(error, nodes.scalar(1))), nodes.scalar(0.5));
    }
}
