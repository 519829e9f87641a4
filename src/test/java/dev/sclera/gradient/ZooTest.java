package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Classifiers at full size against PyTorch: what {@code src/test/python/export_zoo.py} left in the folder that the
 * environment variable SCLERA_ZOO names. Prints a line for each: file, opset, parameters, errors of logits and
 * gradient.
 */
class ZooTest {

    private static final String ZOO = System.getenv("SCLERA_ZOO");

    @TestFactory
    Stream<DynamicTest> agreesWithPyTorch() throws IOException {
        assumeTrue(ZOO != null, "SCLERA_ZOO is not set: there is no zoo");
        String only = System.getenv().getOrDefault("SCLERA_ZOO_ONLY", "");
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(ZOO))) {
            files = all.filter(file ->
                            file.toString().endsWith(".onnx") && file.toString().contains(only))
                    .filter(file -> Files.exists(beside(file)))
                    .sorted()
                    .toList();
        }
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private static GradientGraph.Output output(ModelProto model) {
        String last =
                model.getGraph().getNode(model.getGraph().getNodeCount() - 1).getOpType();
        return last.equals("Softmax") ? GradientGraph.Output.PROBABILITIES : GradientGraph.Output.LOGITS;
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName().toString().replace(".onnx", ".npz"));
    }

    private static void check(Path file) throws Exception {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        GradientCoverage coverage = GradientCoverage.of(model);
        String start = "%-34s opset %2d, %5.1f M parameters, %2d operators: "
                .formatted(
                        file.getFileName(),
                        coverage.opset(),
                        coverage.parameters() / 1e6,
                        coverage.operators().size());
        if (!coverage.supported()) {
            System.out.println(start + "unsupported "
                    + coverage.unsupported().stream()
                            .map(operator -> operator.count() + " " + operator.name())
                            .collect(Collectors.joining(", ")));
        }
        try (Npz reference = new Npz(beside(file))) {
            Npz.Array input = reference.read("input");
            long[] labels = reference.read("labels").longs();
            float[] logits = reference.read("logits").floats();
            float[] gradient = reference.read("grad_input").floats();
            GradientGraph graph = GradientGraph.derive(model, output(model), labels.length, new Loss.CrossEntropy());
            Map<String, float[]> outputs = run(graph.model(), OptLevel.ALL_OPT, input, labels);
            float[] ours = gradient(outputs, labels.length);
            float[] exact = reference.read("grad_double").floats();
            double ofLogits = Errors.relative(outputs.get(GradientGraph.LOGITS), logits);
            double distance = Errors.relativeDistance(ours, exact);
            double ofPyTorch = Errors.relativeDistance(gradient, exact);
            System.out.println(start
                    + String.format(
                            Locale.ROOT,
                            "logits %.1e, gradient %.1e of the largest; from float64 %.1e, PyTorch's float32 %.1e",
                            ofLogits,
                            Errors.relative(ours, gradient),
                            distance,
                            ofPyTorch));
            assertThat(ofLogits).as("logits").isLessThan(1e-4);
            // of millions of ReLUs and maxima some lie within float32's noise, in PyTorch as here: both lose alike
            double bound = Math.max(1e-4, 3 * ofPyTorch);
            if (distance >= bound) {
                requireDecisionsOnTheEdge(graph, input, labels, ours, exact, bound);
            }
        }
    }

    /**
     * A fault of a rule would be there in whichever order sums are taken. So: with the runtime's optimisations off, and
     * sums in another order, the same graph has the gradient that it should; some ReLU or maximum decides otherwise;
     * and what hangs on it is small.
     */
    private static void requireDecisionsOnTheEdge(
            GradientGraph graph, Npz.Array input, long[] labels, float[] ours, float[] exact, double bound)
            throws OrtException {
        Decisions decisions = Decisions.of(graph);
        Map<String, float[]> optimised = run(decisions.graph(), OptLevel.ALL_OPT, input);
        Map<String, float[]> plain = run(decisions.graph(), OptLevel.NO_OPT, input);
        List<String> flips = decisions.between(optimised, plain);
        float[] inAnotherOrder = gradient(run(graph.model(), OptLevel.NO_OPT, input, labels), labels.length);
        System.out.println(String.format(
                Locale.ROOT,
                "  decided otherwise without optimisations, where the distance from float64 is %.1e: %s",
                Errors.relativeDistance(inAnotherOrder, exact),
                flips));
        assertThat(flips).as("decisions on the edge").isNotEmpty();
        assertThat(Errors.relativeDistance(inAnotherOrder, exact))
                .as("relative distance from float64, summed in another order")
                .isLessThan(bound);
        assertThat(Errors.relativeDistance(ours, exact))
                .as("relative distance from float64")
                .isLessThan(2e-2);
        assertThat(Errors.signAgreement(ours, exact)).isGreaterThan(0.998);
    }

    private static Map<String, float[]> run(ModelProto model, OptLevel level, Npz.Array input, long... labels)
            throws OrtException {
        try (Session session = Session.of(model, level)) {
            String name = model.getGraph().getInput(0).getName();
            return session.run(name, input.floats(), input.shape(), labels);
        }
    }

    private static float[] gradient(Map<String, float[]> outputs, int batch) {
        float[] gradient = outputs.get(GradientGraph.GRADIENT);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= batch;
        }
        return gradient;
    }
}
