package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureGraphTest {

    private static final Layers BOTH = new Layers.Named(List.of("activated", "pooled"));

    @Test
    void findsActivationsBehindConvolutions() {
        assertThat(features(new Layers.Activated())).containsExactly("activated");
        assertThat(features(new Layers.Convolutions())).containsExactly("normalised");
        assertThat(features(new Layers.LastMap())).containsExactly("activated");
        assertThat(features(new Layers.Named(List.of("convolved")))).containsExactly("convolved");
    }

    /** Counted in the networks' definitions: convolutions, and how many are followed by SiLU, ReLU6 or hard swish. */
    @ParameterizedTest
    @CsvSource({"resnet_basic, 12, Relu", "efficientnet, 16, Mul", "mobilenetv2, 16, Clip", "squeezenet, 26, Relu"})
    void findsOneFeaturePerConvolution(String network, int convolutions, String activation) throws Exception {
        String realData = System.getenv("SCLERA_REALDATA");
        assumeTrue(realData != null, "SCLERA_REALDATA is not set: the reference networks are not there");
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(Path.of(realData, "reference", network + ".onnx")));
        FeatureGraph graph = FeatureGraph.of(model, 2, new Layers.Activated());
        assertThat(graph.features()).hasSize(convolutions);
        List<String> operators = graph.model().getGraph().getNodeList().stream()
                .filter(node -> graph.features().contains(node.getOutput(0)))
                .map(NodeProto::getOpType)
                .toList();
        assertThat(operators).contains(activation);
    }

    @Test
    void givesWhatTheNetworkComputes() throws Exception {
        FeatureGraph graph = FeatureGraph.of(SmallNet.classifier(), SmallNet.BATCH, BOTH);
        for (OptLevel level : OptLevel.values()) {
            Map<String, float[]> outputs = Runtime.run(graph.model(), level, SmallNet.batch());
            float[] activated = outputs.get("activated");
            float[] pooled = outputs.get("pooled");
            for (int plane = 0; plane < pooled.length; plane++) {
                double sum = 0;
                for (int i = 0; i < 16; i++) {
                    assertThat(activated[plane * 16 + i]).isNotNegative();
                    sum += activated[plane * 16 + i];
                }
                assertThat(sum / 16).isCloseTo(pooled[plane], within(1e-6));
            }
        }
    }

    @Test
    void leavesOutWhatLeadsOnFromTheFeatures() {
        FeatureGraph graph = FeatureGraph.of(SmallNet.classifier(), 1, new Layers.Activated());
        assertThat(graph.model().getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .doesNotContain("Gemm", "GlobalAveragePool");
        assertThat(graph.model().getGraph().getInitializerList())
                .extracting(TensorProto::getName)
                .doesNotContain("fc.weight");
    }

    static Stream<FeatureLoss> losses() {
        return Stream.of(new FeatureLoss.LogNorms(), new FeatureLoss.LogMeans(), new FeatureLoss.OfNodes(meanSquare()));
    }

    /** Central differences of the graph's own losses along seeded directions; the losses have closed forms below. */
    @ParameterizedTest
    @MethodSource("losses")
    void gradientIsTheSlopeOfTheLoss(FeatureLoss loss) throws Exception {
        ModelProto model = FeatureGraph.derive(SmallNet.classifier(), SmallNet.BATCH, BOTH, loss)
                .model();
        float[] images = Tensors.floats(SmallNet.batch().get("images"));
        for (OptLevel level : OptLevel.values()) {
            float[] gradient = run(model, level, images).get(GradientGraph.GRADIENT);
            for (int seed = 0; seed < 5; seed++) {
                float[] direction = SmallNet.fill(images.length, 20 + seed, 1, 0);
                double step = 1e-3;
                float[] above =
                        run(model, level, moved(images, direction, step)).get(GradientGraph.LOSSES);
                float[] below =
                        run(model, level, moved(images, direction, -step)).get(GradientGraph.LOSSES);
                for (int image = 0; image < SmallNet.BATCH; image++) {
                    double along = 0;
                    for (int i = image * 98; i < (image + 1) * 98; i++) {
                        along += (double) gradient[i] * direction[i];
                    }
                    double difference = ((double) above[image] - below[image]) / (2 * step);
                    assertThat(along).isCloseTo(difference, within(2e-3 + 1e-2 * Math.abs(difference)));
                }
            }
        }
    }

    @Test
    void lossesHaveTheirClosedForms() throws Exception {
        Map<String, float[]> norms = run(
                FeatureGraph.derive(SmallNet.classifier(), SmallNet.BATCH, BOTH, new FeatureLoss.LogNorms())
                        .model(),
                OptLevel.ALL_OPT,
                Tensors.floats(SmallNet.batch().get("images")));
        Map<String, float[]> means = run(
                FeatureGraph.derive(SmallNet.classifier(), SmallNet.BATCH, BOTH, new FeatureLoss.LogMeans())
                        .model(),
                OptLevel.ALL_OPT,
                Tensors.floats(SmallNet.batch().get("images")));
        for (int image = 0; image < SmallNet.BATCH; image++) {
            double logNorms = 0;
            double logMeans = 0;
            for (String feature : List.of("activated", "pooled")) {
                float[] values = norms.get(feature);
                int length = values.length / SmallNet.BATCH;
                double square = 0;
                double sum = 0;
                for (int i = image * length; i < (image + 1) * length; i++) {
                    square += (double) values[i] * values[i];
                    sum += values[i];
                }
                logNorms += Math.log(Math.sqrt(square));
                logMeans -= Math.log(sum / length);
            }
            assertThat(norms.get(GradientGraph.LOSSES)[image]).isCloseTo((float) logNorms, within(1e-5f));
            assertThat(means.get(GradientGraph.LOSSES)[image]).isCloseTo((float) logMeans, within(1e-5f));
        }
    }

    @Test
    void saysWhichTensorIsNotThere() {
        assertThatThrownBy(() -> FeatureGraph.of(SmallNet.classifier(), 1, new Layers.Named(List.of("layer9"))))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("layer9");
        assertThatThrownBy(() -> FeatureGraph.of(SmallNet.identity(1, 3), 1, new Layers.Activated()))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("Activated");
    }

    private static ModelProto meanSquare() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("mean square");
        graph.addInput(SmallNet.value("pooled", 1, 4, 1, 1)).addOutput(SmallNet.value("squares", 1));
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        String square = nodes.multiply("pooled", "pooled");
        nodes.addNamed(
                "squares",
                "ReduceMean",
                List.of(square),
                Attributes.of("axes", new long[] {1, 2, 3}),
                Attributes.of("keepdims", 0L));
        return SmallNet.model(graph);
    }

    private static List<String> features(Layers layers) {
        return FeatureGraph.of(SmallNet.classifier(), 1, layers).features();
    }

    private static float[] moved(float[] images, float[] direction, double step) {
        float[] moved = images.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        return moved;
    }

    private static Map<String, float[]> run(ModelProto model, OptLevel level, float[] images) throws Exception {
        return Runtime.run(model, level, Map.of("images", Tensors.of("images", images, SmallNet.BATCH, 2, 7, 7)));
    }
}
