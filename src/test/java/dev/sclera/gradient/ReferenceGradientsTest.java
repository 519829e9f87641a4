package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against gradients that PyTorch computed: tiny networks of the architectures that users bring, each with a seeded
 * input, its labels, logits, mean cross-entropy and the gradient of that with respect to the input.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferenceGradientsTest {

    private final ErrorTable table = new ErrorTable("reference-gradients.txt");

    @AfterAll
    void write() throws Exception {
        table.write();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.sclera.gradient.References#networks")
    void agreesWithPyTorch(String network) throws Exception {
        Path folder = References.folder();
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve(network + ".onnx")));
        try (Npz reference = new Npz(folder.resolve(network.replace("_folded", "") + ".npz"))) {
            int batch = reference.read("labels").longs().length;
            ModelProto graph = GradientGraph.derive(model, GradientGraph.Output.LOGITS, batch, new Loss.CrossEntropy())
                    .model();
            for (OptLevel level : OptLevel.values()) {
                compare(network, graph, level, reference);
            }
            OptionalInt block = BlockSize.detect();
            if (block.isPresent()) {
                compare(network, BlockedLayout.of(graph, block.getAsInt()), OptLevel.ALL_OPT, reference);
            }
        }
    }

    private void compare(String network, ModelProto graph, OptLevel level, Npz reference) throws Exception {
        float[] pixels = reference.read("input").floats();
        float[] expected = reference.read("grad_input").floats();
        float loss = reference.read("loss").floats()[0];
        try (Session session = Session.of(graph, level)) {
            Map<String, float[]> run = run(session, graph, pixels, reference);
            double logits = Errors.relative(
                    run.get(GradientGraph.LOGITS), reference.read("logits").floats());
            assertThat(logits).as("logits at %s", level).isLessThan(1e-4);
            double losses = Math.abs(mean(run.get(GradientGraph.LOSSES)) - loss) / loss;
            assertThat(losses).as("loss at %s", level).isLessThan(1e-4);
            float[] ours = run.get(GradientGraph.GRADIENT);
            double error = Errors.relative(ours, expected);
            if (error >= 1e-4) {
                assertThat(References.WITH_A_DECISION_ON_THE_EDGE)
                        .as("gradient at %s", level)
                        .contains(network);
                assertThat(Errors.relativeDistance(ours, expected))
                        .as("at %s", level)
                        .isLessThan(2e-2);
                assertThat(Errors.signAgreement(ours, expected))
                        .as("at %s", level)
                        .isGreaterThan(0.998);
                table.met(network, "gradient, decided otherwise", error);
                error = withinNoise(session, graph, reference);
                assertThat(error)
                        .as("gradient at %s of images that differ by the noise of float32", level)
                        .isLessThan(1e-4);
            }
            table.met(network, "logits", logits);
            table.met(network, "loss", losses);
            table.met(network, "gradient", error);
        }
    }

    /**
     * The least error over images that differ from the reference's by no more than float32's noise. Where that is
     * small, it was a decision on the edge and nothing else that made a difference before.
     */
    private static double withinNoise(Session session, ModelProto graph, Npz reference) throws Exception {
        float[] pixels = reference.read("input").floats();
        float[] expected = reference.read("grad_input").floats();
        double least = Double.POSITIVE_INFINITY;
        for (int seed = 0; seed < References.NOISES && least >= 1e-4; seed++) {
            float[] noisy = References.noisy(pixels, seed);
            least = Math.min(
                    least,
                    Errors.relative(run(session, graph, noisy, reference).get(GradientGraph.GRADIENT), expected));
        }
        return least;
    }

    /** What the graph gives, its gradient that of the mean. */
    private static Map<String, float[]> run(Session session, ModelProto graph, float[] pixels, Npz reference)
            throws Exception {
        long[] labels = reference.read("labels").longs();
        Map<String, float[]> run = session.run(
                graph.getGraph().getInput(0).getName(),
                pixels,
                reference.read("input").shape(),
                labels);
        float[] gradient = run.get(GradientGraph.GRADIENT);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= labels.length;
        }
        return run;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
