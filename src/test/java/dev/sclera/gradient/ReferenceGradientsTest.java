package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against gradients that PyTorch computed: tiny networks of the architectures that users bring, each with a seeded
 * input, its labels, logits, mean cross-entropy and the gradient of that with respect to the input.
 */
class ReferenceGradientsTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.sclera.gradient.References#networks")
    void agreesWithPyTorch(String network) throws Exception {
        Path folder = References.folder();
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve(network + ".onnx")));
        try (Npz reference = new Npz(folder.resolve(network.replace("_folded", "") + ".npz"))) {
            Npz.Array input = reference.read("input");
            long[] labels = reference.read("labels").longs();
            float[] logits = reference.read("logits").floats();
            float[] gradient = reference.read("grad_input").floats();
            float loss = reference.read("loss").floats()[0];
            int batch = labels.length;
            ModelProto graph = GradientGraph.derive(model, GradientGraph.Output.LOGITS, batch, new Loss.CrossEntropy())
                    .model();
            String images = graph.getGraph().getInput(0).getName();
            for (OptLevel level : OptLevel.values()) {
                try (Session session = Session.of(graph, level)) {
                    Map<String, float[]> run = session.run(images, input.floats(), input.shape(), labels);
                    assertThat(Errors.relative(run.get(GradientGraph.LOGITS), logits))
                            .as("logits at %s", level)
                            .isLessThan(1e-4);
                    float[] losses = run.get(GradientGraph.LOSSES);
                    double mean = 0;
                    for (float one : losses) {
                        mean += one / batch;
                    }
                    assertThat(Math.abs(mean - loss) / loss)
                            .as("loss at %s", level)
                            .isLessThan(1e-4);
                    float[] ours = run.get(GradientGraph.GRADIENT);
                    for (int i = 0; i < ours.length; i++) {
                        ours[i] /= batch;
                    }
                    if (References.WITH_A_DECISION_ON_THE_EDGE.contains(network)) {
                        assertThat(Errors.relativeDistance(ours, gradient))
                                .as("at %s", level)
                                .isLessThan(2e-2);
                        assertThat(Errors.signAgreement(ours, gradient))
                                .as("at %s", level)
                                .isGreaterThan(0.998);
                    } else {
                        assertThat(Errors.relative(ours, gradient))
                                .as("gradient at %s", level)
                                .isLessThan(1e-4);
                    }
                }
            }
        }
    }
}
