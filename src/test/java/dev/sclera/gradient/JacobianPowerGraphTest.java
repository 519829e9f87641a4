package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacobianPowerGraphTest {

    private static final int SIZE = 98;
    private static final Layers LAYER = new Layers.Activated();

    /** The figure is a power of the length of Jv; here Jv is a central difference of the features themselves. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3, 10})
    void theFigureIsThePowerOfTheFeaturesDifference(double power) throws Exception {
        float[] direction = SmallNet.fill(SmallNet.BATCH * SIZE, 31, 1, 0);
        float[] figures = run(power, direction).get(GradientGraph.LOSSES);
        ModelProto features =
                FeatureGraph.of(SmallNet.classifier(), SmallNet.BATCH, LAYER).model();
        double step = 1e-3;
        float[] above = features(features, direction, step);
        float[] below = features(features, direction, -step);
        int length = above.length / SmallNet.BATCH;
        for (int image = 0; image < SmallNet.BATCH; image++) {
            double sum = 0;
            for (int i = image * length; i < (image + 1) * length; i++) {
                sum += Math.pow(Math.abs((double) above[i] - below[i]) / (2 * step), power);
            }
            // a ReLU may be passed within the step
            assertThat((double) figures[image]).isCloseTo(sum, within(0.02 * sum));
        }
    }

    /** {@code ⟨Jᵀψ(Jv), v⟩ = ⟨ψ(Jv), Jv⟩ = Σ|Jv|^q}: J and its transpose fit each other. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3, 10})
    void theTransposeFitsTheJacobian(double power) throws Exception {
        for (int seed = 0; seed < 5; seed++) {
            float[] direction = SmallNet.fill(SmallNet.BATCH * SIZE, 40 + seed, 1, 0);
            Map<String, float[]> answers = run(power, direction);
            for (int image = 0; image < SmallNet.BATCH; image++) {
                double along = 0;
                for (int i = image * SIZE; i < (image + 1) * SIZE; i++) {
                    along += (double) answers.get(GradientGraph.GRADIENT)[i] * direction[i];
                }
                double figure = answers.get(GradientGraph.LOSSES)[image];
                assertThat(along).isCloseTo(figure, within(1e-5 * figure));
            }
        }
    }

    /** For networks of many operators, early in them and late: ⟨JᵀJv, v⟩ = |Jv|², and it is not nothing. */
    @ParameterizedTest
    @CsvSource({
        "resnet_basic, 0.5",
        "resnet_basic, 1",
        "mobilenetv2, 0.5",
        "efficientnet, 0.5",
        "densenet, 0.5",
        "squeezenet, 1"
    })
    void theTransposeFitsTheJacobianOfNetworks(String network, double share) throws Exception {
        String realData = System.getenv("SCLERA_REALDATA");
        assumeTrue(realData != null, "SCLERA_REALDATA is not set: the reference networks are not there");
        Path file = Path.of(realData, "reference", network + ".onnx");
        assumeTrue(Files.exists(file), "there is no reference network " + network);
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        ModelProto graph = JacobianPowerGraph.derive(
                model,
                1,
                new Layers.ActivatedAt(share),
                2,
                model.getGraph().getInput(0).getName());
        long[] shape = graph.getGraph().getInput(0).getType().getTensorType().getShape().getDimList().stream()
                .mapToLong(dimension -> dimension.getDimValue())
                .toArray();
        String images = graph.getGraph().getInput(0).getName();
        float[] direction = SmallNet.fill(Tensors.size(shape), 5, 1, 0);
        Map<String, float[]> answers = Runtime.run(
                graph,
                OptLevel.ALL_OPT,
                Map.of(
                        images,
                        Tensors.of(images, SmallNet.fill(Tensors.size(shape), 3, 1, 0), shape),
                        JacobianPowerGraph.DIRECTION,
                        Tensors.of(JacobianPowerGraph.DIRECTION, direction, 1, Tensors.size(shape))));
        double along = 0;
        for (int i = 0; i < direction.length; i++) {
            along += (double) answers.get(GradientGraph.GRADIENT)[i] * direction[i];
        }
        double figure = answers.get(GradientGraph.LOSSES)[0];
        assertThat(figure).isPositive();
        assertThat(along).isCloseTo(figure, within(1e-4 * figure));
    }

    @Test
    void takesTheLayerThatIsAskedFor() {
        assertThat(FeatureGraph.of(SmallNet.classifier(), 1, new Layers.ActivatedAt(0.7))
                        .features())
                .isEqualTo(List.of("activated"));
    }

    private static Map<String, float[]> run(double power, float[] direction) throws Exception {
        ModelProto graph = JacobianPowerGraph.derive(
                SmallNet.classifier(),
                SmallNet.BATCH,
                LAYER,
                power,
                SmallNet.classifier().getGraph().getInput(0).getName());
        return Runtime.run(
                graph,
                OptLevel.ALL_OPT,
                Map.of(
                        "images",
                        SmallNet.batch().get("images"),
                        JacobianPowerGraph.DIRECTION,
                        Tensors.of(JacobianPowerGraph.DIRECTION, direction, SmallNet.BATCH, SIZE)));
    }

    private static float[] features(ModelProto graph, float[] direction, double step) throws Exception {
        float[] images = Tensors.floats(SmallNet.batch().get("images"));
        for (int i = 0; i < images.length; i++) {
            images[i] += (float) (step * direction[i]);
        }
        TensorProto moved = Tensors.of("images", images, SmallNet.BATCH, 2, 7, 7);
        return Runtime.run(graph, OptLevel.ALL_OPT, Map.of("images", moved)).get("activated");
    }
}
